"""Calls as they are written down."""

from collections.abc import Callable
from typing import Any

import pytest

from aitronos import InvalidArgumentError, Visibility, _calls, _routes
from aitronos._calls import Call

from .stub import COLLECTION, ORGANIZATION, RESOLVE_PATH, TOKEN, TRACK


@pytest.mark.parametrize(
    ("visibility", "days", "body"),
    [
        (None, None, b"{}"),
        ("public", None, b'{"visibility":"public"}'),
        (Visibility.LINK_ONLY, 30, b'{"visibility":"link_only","expires_in_days":30}'),
    ],
)
def test_share_bodies(visibility: str | None, days: int | None, body: bytes) -> None:
    """What is left out is left to the server."""
    assert _calls.share_track(ORGANIZATION, TRACK, visibility, days, {}).body == body
    assert _calls.share_collection(ORGANIZATION, COLLECTION, visibility, days, {}).body == body


def test_targets_are_encoded() -> None:
    """An identifier stays one path segment, whatever it is made of."""
    call = _calls.share_track("a b", "é%?#", None, None, {})
    assert call.target == "/v1/music/a%20b/tracks/%C3%A9%25%3F%23/share"


@pytest.mark.parametrize("build", [_calls.share_track, _calls.share_collection])
def test_both_identifiers_are_checked(build: Callable[..., Call[Any]]) -> None:
    """Neither identifier can lead elsewhere."""
    for identifiers in (("..", "x"), ("x", "..")):
        with pytest.raises(InvalidArgumentError):
            build(*identifiers, None, None, {})


@pytest.mark.parametrize("build", [_calls.resolve_share, _calls.save_shared_track])
def test_token_calls_know_their_secret(build: Callable[..., Call[Any]]) -> None:
    """The token, plain and as it stands in the URL, is to be kept out of exceptions."""
    assert build("my+token", "http://a", {}).secrets == ("my+token", "my%2Btoken")


def test_raw_calls_follow_the_routes() -> None:
    """A raw verb gets the route of its path, and the token in it is to be kept out of exceptions."""
    call = _calls.raw("GET", RESOLVE_PATH, "http://a", None, None, {})
    assert call.route is _routes.RESOLVE
    assert TOKEN in call.secrets


def test_raw_query_and_body() -> None:
    """Parameters join the path, and JSON becomes the body."""
    call = _calls.raw("PUT", "/v1/things", "http://a", {"a": 1}, {"page": 2}, {})
    assert (call.target, call.body) == ("/v1/things?page=2", b'{"a":1}')
