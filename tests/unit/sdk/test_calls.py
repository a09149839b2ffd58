"""Calls as they are written down, and the routes that raw paths belong to."""

import pytest

from aitronos import InvalidArgumentError, Visibility, _calls
from aitronos._retry import Replay

from .stub import COLLECTION, ORGANIZATION, RESOLVE_PATH, SAVE_PATH, SHARE_PATH, TOKEN, TRACK


def test_routes_follow_the_contract() -> None:
    """Methods and templates come from the generated request builders; only resolve is public."""
    routes = [_calls.SHARE_TRACK, _calls.SHARE_COLLECTION, _calls.RESOLVE, _calls.SAVE]
    assert [(route.method, route.template, route.replay, route.is_public) for route in routes] == [
        ("POST", "/v1/music/{organization_id}/tracks/{track_id}/share", Replay.IF_NOT_PROCESSED, False),
        ("POST", "/v1/music/{organization_id}/collections/{collection_id}/share", Replay.IF_NOT_PROCESSED, False),
        ("GET", "/v1/music/shared/{token}", Replay.ALWAYS, True),
        ("POST", "/v1/music/shared/{token}/save", Replay.ALWAYS, False),
    ]


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
def test_both_identifiers_are_checked(build) -> None:  # type: ignore[no-untyped-def]
    """Neither identifier can lead elsewhere."""
    for identifiers in (("..", "x"), ("x", "..")):
        with pytest.raises(InvalidArgumentError):
            build(*identifiers, None, None, {})


@pytest.mark.parametrize("build", [_calls.resolve_share, _calls.save_shared_track])
def test_token_calls_know_their_secret(build) -> None:  # type: ignore[no-untyped-def]
    """The token, plain and as it stands in the URL, is to be kept out of exceptions."""
    assert build("my token", "http://a", {}).secrets == ("my token", "my%20token")


@pytest.mark.parametrize(
    "path",
    [RESOLVE_PATH, f"{RESOLVE_PATH}/", "/v1/music/shared/opaque", "/v1/music/%73hared/x", "/v1/music/shared/a%20b"],
)
def test_raw_resolve_is_public(path: str) -> None:
    """The public path is public however it is spelt."""
    call = _calls.raw("GET", path, None, None, {})
    assert call.route is _calls.RESOLVE
    assert call.secrets


def test_raw_save_is_replayable() -> None:
    """Saving by raw verb may be repeated like saving by method."""
    assert _calls.raw("POST", SAVE_PATH, None, None, {}).route is _calls.SAVE


@pytest.mark.parametrize(
    ("method", "path", "template", "replay"),
    [
        ("POST", SHARE_PATH, "/v1/music/{…}/tracks/{…}/share", Replay.IF_NOT_PROCESSED),
        ("GET", "/v1/music/org_1/tracks", "/v1/music/{…}/tracks", Replay.ALWAYS),
        ("GET", SAVE_PATH, "/v1/music/shared/{…}/save", Replay.ALWAYS),
        ("POST", RESOLVE_PATH, "/v1/music/shared/{…}", Replay.IF_NOT_PROCESSED),
        ("DELETE", "/v1/music/org_1/share/mslink_1", "/v1/music/{…}/share/{…}", Replay.IF_NOT_PROCESSED),
    ],
)
def test_other_raw_paths(method: str, path: str, template: str, replay: Replay) -> None:
    """Other paths carry the key, are repeated if they are a GET, and are logged without identifiers."""
    route = _calls.raw(method, path, None, None, {}).route
    assert (route.template, route.replay, route.is_public) == (template, replay, False)
    assert TOKEN not in route.template


def test_raw_query_and_body() -> None:
    """Parameters join the path, and JSON becomes the body."""
    call = _calls.raw("PUT", "/v1/things", {"a": 1}, {"page": 2}, {})
    assert (call.target, call.body) == ("/v1/things?page=2", b'{"a":1}')
