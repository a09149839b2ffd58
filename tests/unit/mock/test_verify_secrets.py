"""What reports must not show."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock.verify.secrets import Secrets


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("the key K-1", "the key [secret]"),
        ({"K-1": ["K-1", {"a": "K-1"}]}, {"[secret]": ["[secret]", {"a": "[secret]"}]}),
        (("K-1", 7, None, True), ["[secret]", 7, None, True]),
        (f"/x/shr_{'0' * 32}/save", "/x/[secret]/save"),
        ("/v1/music/shared/anything?x", "/v1/music/shared/[secret]?x"),
        ("?expires=7&signature=abc&x=1", "?expires=7&signature=[secret]&x=1"),
        ("Bearer abc", "Bearer [secret]"),
        ("shr_", "shr_"),
    ],
)
def test_secrets_are_hidden_wherever_they_stand(value: Any, shown: Any) -> None:
    """Given keys go by their value, tokens and signatures by their form, at any depth and in names too."""
    assert shown == Secrets(["K-1"]).hide(value)


def test_secrets_of_answers_are_learned() -> None:
    """A token and an address that a server gave out are hidden afterwards, whatever they look like."""
    secrets = Secrets([])
    secrets.learn(
        {"tracks": [{"playback_url": "http://cdn/a?b"}], "token": "odd", "url": "http://x/odd", "id": "mtrack"}
    )
    secrets.learn([{"token": ""}, {"token": 7}, "text"])
    said = "odd at http://x/odd plays http://cdn/a?b of mtrack"
    assert "[secret] at [secret] plays [secret] of mtrack" == secrets.hide(said)
