"""What names of cassettes give away."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from aitronos_mock.cassettes.known import ANYBODYS, Known
from aitronos_mock.cassettes.naming import leaks_in_name, shown

from .tapes import TOKEN

KEY = "sk_live_0123456789ab"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"{TOKEN}.yaml", "[hidden].yaml"),
        (f"test_open[{TOKEN}-404].yaml", "test_open[[hidden]-404].yaml"),
        (f"deep/test_{KEY}/a.json", "deep/test_[hidden]/a.json"),
        ("freddy_9x8w7v6u5t4s.yml", "[hidden].yml"),
        (TOKEN.replace("_", "%5F") + ".yaml", "[hidden].yaml"),
    ],
)
def test_a_secret_in_a_name_is_found_and_hidden(name: str, expected: str) -> None:
    """A token or a key, wherever it stands; where only decoding shows it, nothing of the name is left."""
    assert (1, expected) == (len(leaks_in_name(name, ANYBODYS)), shown(name, ANYBODYS))


@pytest.mark.parametrize(
    "name",
    [
        "resolveShare/404-revoked.yaml",
        "test_share_track_that_expires_within_30_days_of_today.yaml",
        "test_api_share_track_201_with_sk_and_pk.yaml",
        "test_key_missing_is_401_on_every_operation.yaml",
        "test_shr_unknown.yaml",
        "shr_fa4e0000000000000000000000000001.yaml",
        "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c.yaml",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709.yaml",
    ],
)
def test_names_of_tests_are_no_secrets(name: str) -> None:
    """However long they are; fakes and what is published are none either, and a digest says nothing."""
    assert ([], name) == (leaks_in_name(name, ANYBODYS), shown(name, ANYBODYS))


def test_what_is_listed_may_be_in_a_name() -> None:
    """Somebody looked at it."""
    known = Known(frozenset({TOKEN}))

    assert ([], f"{TOKEN}.yaml") == (leaks_in_name(f"{TOKEN}.yaml", known), shown(f"{TOKEN}.yaml", known))
    assert f"{TOKEN}-[hidden].yaml" == shown(f"{TOKEN}-{KEY}.yaml", known)
    assert "[hidden].yaml" == shown(f"{TOKEN}-{quote(KEY, '').replace('_', '%5F')}.yaml", known)
