"""The four operations, from request to answer and into the next request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Call = Callable[..., httpx.Response]

TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
COLLECTION = "/v1/music/org_abc123/collections/mcoll_5e8a1d3f9c27/share"


def test_a_track_goes_from_share_to_library(call: Call, start: int) -> None:
    """A share's token opens and can be saved, each answer following from the one before."""
    share = call("POST", TRACK, "owner-key", json={"visibility": "public", "expires_in_days": 30}).json()
    view = call("GET", f"/v1/music/shared/{share['token']}").json()
    edge = call("POST", f"/v1/music/shared/{share['token']}/save", "recipient-key").json()

    assert {"target_type": "track", "visibility": "public", "expires_at": "2026-07-28T10:30:00Z"} == view["share"]
    assert ("track", True, "mtrack_b4d9e1c6a72f") == (view["kind"], view["available"], view["track"]["id"])
    assert {
        "id": edge["id"],
        "track_id": "mtrack_b4d9e1c6a72f",
        "source": "shared",
        "share_link_id": share["id"],
        "created_at": "2026-06-28T10:30:00Z",
    } == edge


def test_a_collection_goes_from_share_to_view(call: Call) -> None:
    """A collection's token opens to its tracks by position, without the removed one."""
    share = call("POST", COLLECTION, "owner-key").json()
    view = call("GET", f"/v1/music/shared/{share['token']}").json()

    assert ("collection", None) == (view["kind"], view["track"])
    assert "Quiet Hours" == view["collection"]["name"]
    assert ["mtrack_b4d9e1c6a72f", "mtrack_0c5d7e9f1a2b"] == [track["id"] for track in view["tracks"]]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("shr_track", {"kind": "track", "available": True, "message": None, "collection": None, "tracks": None}),
        ("shr_empty_collection", {"kind": "collection", "available": True, "track": None, "tracks": []}),
        (
            "shr_removed_track",
            {
                "kind": "track",
                "available": False,
                "message": "This track was removed by its creator.",
                "track": None,
                "collection": None,
                "tracks": None,
            },
        ),
        ("shr_removed_collection", {"available": False, "message": "This collection was removed by its creator."}),
    ],
)
def test_each_state_of_a_link_has_its_view(call: Call, token: str, expected: dict[str, Any]) -> None:
    """All seven keys are always there; what does not apply is null, and an empty collection has an empty list."""
    view = call("GET", f"/v1/music/shared/{token}").json()

    assert {"kind", "available", "message", "share", "track", "collection", "tracks"} == view.keys()
    assert expected == {key: view[key] for key in expected}


def test_saving_again_answers_201_with_the_same_edge(call: Call) -> None:
    """A save may be repeated."""
    answers = [call("POST", "/v1/music/shared/shr_track/save", "recipient-key") for _ in range(2)]

    assert [201, 201] == [answer.status_code for answer in answers]
    assert answers[0].json() == answers[1].json()


def test_a_playback_url_is_new_at_each_open(call: Call) -> None:
    """Two opens at the same moment give two URLs."""
    first, second = (call("GET", "/v1/music/shared/shr_track").json()["track"]["playback_url"] for _ in range(2))

    assert first != second


def test_visibility_makes_no_difference_to_an_open(call: Call) -> None:
    """A `public` link and a `link_only` link open alike, but for what they say of themselves."""
    views = []
    for visibility in ("public", "link_only"):
        token = call("POST", COLLECTION, "owner-key", json={"visibility": visibility}).json()["token"]
        view = call("GET", f"/v1/music/shared/{token}").json()
        assert visibility == view["share"].pop("visibility")
        views.append({key: view[key] for key in ("kind", "available", "message", "share", "collection")})

    assert views[0] == views[1]


def test_a_link_dies_with_its_time(call: Call, advance: Callable[[float], None]) -> None:
    """A link opens and can be saved until `expires_at`, and neither from that moment on."""
    token = call("POST", TRACK, "owner-key", json={"expires_in_days": 1}).json()["token"]
    advance(86400 - 1)
    alive = call("GET", f"/v1/music/shared/{token}")
    advance(1)
    dead = [call("GET", f"/v1/music/shared/{token}"), call("POST", f"/v1/music/shared/{token}/save", "recipient-key")]

    assert [200, 404, 404] == [answer.status_code for answer in (alive, *dead)]
