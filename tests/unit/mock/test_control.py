"""The control plane: what it changes, what it shows, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from aitronos_mock import __version__
from aitronos_mock.control.handlers import _PARAMETERS, BY_OPERATION
from aitronos_mock.faults.faults import MAX_FAULTS

from .whole import (
    ADDRESS,
    COLLECTION,
    LINK,
    OWNER,
    RECIPIENT,
    RESOLVE,
    SHARE_COLLECTION,
    SHARE_TRACK,
    TOKEN,
    TRACK,
    Json,
    Whole,
)

COLLECTION_LINK = "/v1/music/shared/shr_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d"
SMALL: Json = {
    "organizations": [{"id": "org_mine"}],
    "users": [{"id": "user_me", "api_keys": ["my-key"], "organizations": ["org_mine"]}],
    "tracks": [
        {
            "id": "mtrack_000000000001",
            "organization": "org_mine",
            "owner": "user_me",
            "licence": {"licence_class": "unclear", "licence_version": "2026-01", "requires_attribution": False},
        }
    ],
    "share_links": [
        {
            "id": "mslink_000000000001",
            "token": "shr_000000000000000000000000000000aa",
            "track": "mtrack_000000000001",
            "created_at": "-1h",
            "expires_at": "+1h",
        }
    ],
}
SMALL_LINK = "/v1/music/shared/shr_000000000000000000000000000000aa"
SMALL_SHARE = "/v1/music/org_mine/tracks/mtrack_000000000001/share"
JSON = {"Content-Type": "application/json"}


def _refusal(response: httpx.Response) -> tuple[int, str, str]:
    error = response.json()["error"]
    assert response.headers["x-request-id"] == error["trace_id"]
    assert response.status_code == error["status"]
    return response.status_code, error["code"], error["system_message"]


def test_every_described_operation_has_a_handler(control_contract: Any) -> None:
    """The description and the handlers name the same operations."""
    described = {each["operationId"] for item in control_contract.root["paths"].values() for each in _methods(item)}

    assert described == BY_OPERATION.keys()


def _methods(item: Json) -> list[Json]:
    return [each for each in item.values() if isinstance(each, dict)]


def test_health_names_the_version(whole: Whole) -> None:
    """Health answers without any credential."""
    assert {"status": "ok", "version": __version__} == whole.control("GET", "/health").json()


def test_a_revoked_link_opens_and_saves_no_more(whole: Whole) -> None:
    """Revoking ends opens, saves and playback; whoever saved before keeps the edge; it may be repeated."""
    save = f"{RESOLVE}/save"
    edge = whole.call("POST", save, RECIPIENT).json()["id"]
    playback_url = whole.call("GET", RESOLVE).json()["track"]["playback_url"]

    assert [204, 204] == [whole.control("POST", f"/links/{LINK}/revoke").status_code for _ in range(2)]
    assert [404, 404] == [whole.call("GET", RESOLVE).status_code, whole.call("POST", save, RECIPIENT).status_code]
    assert 404 == whole.ask("GET", playback_url).status_code
    assert [edge] == [each["id"] for each in whole.control("GET", "/state").json()["library"]]


def test_an_expired_link_is_expired_from_that_moment_on(whole: Whole) -> None:
    """Expiring a link sets its `expires_at` to now, and the audit tells it from a revoked one."""
    assert 204 == whole.control("POST", f"/links/{LINK}/expire").status_code
    assert 404 == whole.call("GET", RESOLVE).status_code

    assert ["expired"] == [entry["outcome"] for entry in whole.items("/audit")]
    links = {link["id"]: link for link in whole.control("GET", "/state").json()["share_links"]}
    assert "2026-06-28T10:30:00Z" == links[LINK]["expires_at"]


def test_a_link_from_the_future_can_expire(whole: Whole) -> None:
    """With the clock set back before its creation, an expired link counts as made at that moment, so exports load."""
    whole.control("PUT", "/clock", json={"now": "2026-01-01T00:00:00Z"})
    whole.control("POST", f"/links/{LINK}/expire")
    state = whole.control("GET", "/state").json()

    assert 404 == whole.call("GET", RESOLVE).status_code
    assert 204 == whole.control("PUT", "/state", json=state).status_code


def test_a_removed_track_comes_back(whole: Whole) -> None:
    """A removed track opens as unavailable, leaves its collections and cannot be shared, until it is restored."""
    assert 204 == whole.control("POST", f"/tracks/{TRACK}/remove").status_code
    assert not whole.call("GET", RESOLVE).json()["available"]
    assert TRACK not in [track["id"] for track in whole.call("GET", COLLECTION_LINK).json()["tracks"]]
    assert 404 == whole.call("POST", SHARE_TRACK, OWNER).status_code

    assert [204, 204] == [whole.control("POST", f"/tracks/{TRACK}/restore").status_code for _ in range(2)]
    assert whole.call("GET", RESOLVE).json()["available"]
    assert TRACK in [track["id"] for track in whole.call("GET", COLLECTION_LINK).json()["tracks"]]
    assert 201 == whole.call("POST", SHARE_TRACK, OWNER).status_code


def test_a_removed_collection_comes_back(whole: Whole) -> None:
    """A removed collection opens as unavailable and cannot be shared, until it is restored."""
    assert [204, 204] == [whole.control("POST", f"/collections/{COLLECTION}/remove").status_code for _ in range(2)]
    assert not whole.call("GET", COLLECTION_LINK).json()["available"]
    assert 404 == whole.call("POST", SHARE_COLLECTION, OWNER).status_code

    assert 204 == whole.control("POST", f"/collections/{COLLECTION}/restore").status_code
    assert whole.call("GET", COLLECTION_LINK).json()["available"]
    assert 201 == whole.call("POST", SHARE_COLLECTION, OWNER).status_code


@pytest.mark.parametrize(
    ("path", "details"),
    [
        ("/links/mslink_0/revoke", {"link_id": "mslink_0"}),
        ("/links/mslink_0/expire", {"link_id": "mslink_0"}),
        ("/tracks/mtrack_0/remove", {"track_id": "mtrack_0"}),
        ("/tracks/mtrack_0/restore", {"track_id": "mtrack_0"}),
        ("/collections/mcoll_0/remove", {"collection_id": "mcoll_0"}),
        ("/collections/mcoll_0/restore", {"collection_id": "mcoll_0"}),
        (f"/tracks/{COLLECTION}/remove", {"track_id": COLLECTION}),
        ("/links/..%2f..%0a/revoke", {"link_id": "..%2f..%0a"}),
    ],
)
def test_what_is_not_there_cannot_be_changed(whole: Whole, path: str, details: Json) -> None:
    """An identifier that the sandbox does not have is a 404 that names it."""
    response = whole.control("POST", path)

    assert (404, "RESOURCE_NOT_FOUND", "The sandbox has nothing of this identifier") == _refusal(response)
    assert details == response.json()["error"]["details"]


def test_a_sandbox_that_is_not_there_cannot_be_deleted(whole: Whole) -> None:
    """Deleting an unknown sandbox is the 404 of every call to it."""
    response = whole.control("DELETE", "/sandboxes/checkout")

    assert (404, "SANDBOX_NOT_FOUND") == _refusal(response)[:2]
    assert {"name": "checkout"} == response.json()["error"]["details"]


def test_a_world_can_be_exported_edited_and_loaded(whole: Whole) -> None:
    """What is exported loads again as it was, and an edit of it takes effect; secrets are in it as digests."""
    whole.call("POST", f"{RESOLVE}/save", RECIPIENT)
    state = whole.control("GET", "/state").json()
    edited = json.loads(json.dumps(state))
    (track,) = [each for each in edited["tracks"] if each["id"] == TRACK]
    track["title"] = "Early Morning Study"

    assert not {TOKEN, OWNER} & set(json.dumps(state).split('"'))
    assert 204 == whole.control("PUT", "/state", json=edited).status_code
    assert "Early Morning Study" == whole.call("GET", RESOLVE).json()["track"]["title"]
    assert 204 == whole.control("PUT", "/state", json=state).status_code
    assert state == whole.control("GET", "/state").json()


def test_a_loaded_world_takes_the_place_of_the_other(whole: Whole) -> None:
    """Keys, tracks and links are those of the fixture alone; its relative moments count from the sandbox's clock."""
    whole.control("PUT", "/clock", json={"now": "2030-01-01T00:00:00Z"})

    assert 204 == whole.control("PUT", "/state", json=SMALL).status_code
    assert [404, 401] == [whole.call("GET", RESOLVE).status_code, whole.call("POST", SHARE_TRACK, OWNER).status_code]
    assert "2030-01-01T01:00:00Z" == whole.call("GET", SMALL_LINK).json()["share"]["expires_at"]


def test_a_reset_takes_a_loaded_world_away(whole: Whole) -> None:
    """After a reset there is the world of the seed again."""
    whole.control("PUT", "/state", json=SMALL)
    whole.control("POST", "/reset")

    assert [200, 404] == [whole.call("GET", path).status_code for path in (RESOLVE, SMALL_LINK)]


def test_a_loaded_world_names_the_ids_to_come(whole: Whole) -> None:
    """What a fixture has under `next_ids` is handed out next, in a sandbox that draws at random too."""
    link = {"id": "mslink_00000000beef", "token": "shr_0000000000000000000000000000beef"}
    whole.control("PUT", "/state", json={**SMALL, "next_ids": {"track_share": [link]}})
    shares = [whole.call("POST", SMALL_SHARE, "my-key").json() for _ in range(2)]

    assert link == {name: shares[0][name] for name in link}
    assert link["id"] != shares[1]["id"]


def test_a_deterministic_sandbox_loads_the_deterministic_variant(whole: Whole) -> None:
    """What a fixture changes for deterministic sandboxes applies where one loads it, and only there."""
    world = {**SMALL, "deterministic": {"without_share_links": ["mslink_000000000001"]}}
    names = [whole.create(deterministic=deterministic) for deterministic in (True, False)]
    for name in names:
        assert 204 == whole.control("PUT", "/state", name, json=world).status_code

    assert [404, 200] == [whole.call("GET", SMALL_LINK, sandbox=name).status_code for name in names]


def test_a_deterministic_sandbox_goes_on_after_its_export_is_loaded(whole: Whole) -> None:
    """Ids that the world has already are not handed out again."""
    name = whole.create(deterministic=True)
    first = [whole.call("POST", SHARE_TRACK, OWNER, name).json()["id"] for _ in range(3)]
    whole.control("PUT", "/state", name, json=whole.control("GET", "/state", name).json())
    then = [whole.call("POST", SHARE_TRACK, OWNER, name).json()["id"] for _ in range(3)]

    assert 6 == len({*first, *then})


def test_an_export_has_the_ids_that_are_still_to_be_handed_out(whole: Whole) -> None:
    """An exported world that is loaded again goes on with the documented ids, and leaves out those that are spent."""
    name = whole.create(seed="docs", deterministic=True)
    whole.call("POST", SHARE_TRACK, OWNER, name)
    state = whole.control("GET", "/state", name).json()
    assert 204 == whole.control("PUT", "/state", name, json=state).status_code

    assert [0, 1, 1] == [len(state["next_ids"][kind]) for kind in ("track_share", "collection_share", "library_edge")]
    assert state == whole.control("GET", "/state", name).json()
    share = whole.call("POST", SHARE_COLLECTION, OWNER, name).json()
    assert state["next_ids"]["collection_share"] == [{"id": share["id"], "token": share["token"]}]
    assert COLLECTION_LINK.endswith(share["token"])
    edge = whole.call("POST", f"{RESOLVE}/save", RECIPIENT, name).json()["id"]
    assert state["next_ids"]["library_edge"] == [edge]
    assert "next_ids" not in whole.control("GET", "/state", name).json()


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ({"bands": []}, "body: the fixture has an unknown field here; known are "),
        ({**SMALL, "users": []}, "tracks[0].owner: is not among the ids in users; "),
        ({"organizations": [{"id": 7}]}, "organizations[0].id: must be a string"),
    ],
)
def test_a_wrong_world_is_refused_whole(whole: Whole, world: Json, said: str) -> None:
    """A fixture that is wrong is a 422 that names the place, and the world stays as it was."""
    before = whole.control("GET", "/state").json()
    status, code, message = _refusal(whole.control("PUT", "/state", json=world))

    assert (422, "VALIDATION_ERROR") == (status, code)
    assert message.startswith(said)
    assert before == whole.control("GET", "/state").json()


def test_a_refused_world_tells_no_secret(whole: Whole) -> None:
    """A key that is given twice is refused without being repeated."""
    users = [{"id": f"user_{number}", "api_keys": ["a-secret-key"]} for number in range(2)]
    response = whole.control("PUT", "/state", json={"users": users})

    assert 422 == response.status_code
    assert "a-secret-key" not in response.text


def test_the_clock_is_frozen_advanced_and_released(whole: Whole, advance: Callable[[float], None]) -> None:
    """Frozen it stands still and can be put forward; shifted it runs ahead of the machine; real it follows it."""
    changes: list[Json] = [
        {"now": "2030-01-01T00:00:00Z"},
        {"advance_seconds": 3600},
        {"real": True},
        {"advance_seconds": 0.5},
        {"advance_seconds": 59.5},
    ]
    read = []
    for change in changes:
        assert 200 == whole.control("PUT", "/clock", json=change).status_code
        advance(1)
        read.append(whole.control("GET", "/clock").json())

    assert [
        {"now": "2030-01-01T00:00:00Z", "mode": "frozen"},
        {"now": "2030-01-01T01:00:00Z", "mode": "frozen"},
        {"now": "2026-06-28T10:30:03Z", "mode": "real"},
        {"now": "2026-06-28T10:30:04Z", "mode": "shifted"},
        {"now": "2026-06-28T10:31:05Z", "mode": "shifted"},
    ] == read


def test_setting_the_clock_takes_no_time(whole: Whole) -> None:
    """What the clock was moved by is not told as the time that the answer took."""
    moved = [
        whole.control("PUT", "/clock", json=change)
        for change in ({"advance_seconds": 3600}, {"now": "2030-01-01T00:00:00Z"})
    ]

    assert ["0", "0"] == [answer.headers["freddy-processing-ms"] for answer in moved]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "body: must have one of now, advance_seconds, real"),
        ({"now": "2026-06-28T10:30:00Z", "real": True}, "body: must have only one of now, advance_seconds, real"),
        ({"now": 7}, "now: must be a string"),
        ({"now": "yesterday"}, "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"),
        (
            {"now": "2026-02-30T00:00:00Z"},
            "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        (
            {"now": "1999-12-31T23:59:59Z"},
            "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        (
            {"now": "2026-06-28T10:30:00Z\n"},
            "now: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        ({"advance_seconds": -1}, "advance_seconds: must be at least 0"),
        ({"advance_seconds": 3153600001}, "advance_seconds: must be at most 3153600000"),
        ({"advance_seconds": "1"}, "advance_seconds: must be a number"),
        ({"real": False}, "real: must be one of true"),
        ({"tomorrow": True}, "tomorrow: unknown field; known are now, advance_seconds, real"),
    ],
)
def test_a_wrong_change_of_the_clock_is_refused(whole: Whole, change: Json, said: str) -> None:
    """What is no change of the clock is a 422 that says what would be one, and the clock goes on."""
    assert (422, "VALIDATION_ERROR", said) == _refusal(whole.control("PUT", "/clock", json=change))
    assert "real" == whole.control("GET", "/clock").json()["mode"]


def test_the_clock_does_not_go_beyond_what_can_be_written(whole: Whole) -> None:
    """Steps forward are refused before links would expire in a year of five digits."""
    step = {"advance_seconds": 3153600000}
    answers = [whole.control("PUT", "/clock", json=step) for _ in range(71)]

    assert {200, 422} == {answer.status_code for answer in answers}
    assert "advance_seconds: must not lead beyond the year 8999" == _refusal(answers[-1])[2]
    share = whole.call("POST", SHARE_TRACK, OWNER, json={"expires_in_days": 90}).json()
    assert 20 == len(share["expires_at"])


def test_a_fault_is_added_listed_and_cleared(whole: Whole) -> None:
    """A fault answers with its id and plan, the list counts its strikes, and clearing ends it."""
    plan = {"operation": "resolveShare", "status": 404, "times": 2}
    added = whole.control("POST", "/faults", json=plan)

    assert (201, {"id": "fault_1", "plan": plan, "struck": 0}) == (added.status_code, added.json())
    assert 404 == whole.call("GET", RESOLVE).status_code
    assert [{"id": "fault_1", "plan": plan, "struck": 1}] == whole.items("/faults")
    assert 204 == whole.control("DELETE", "/faults").status_code
    assert [] == whole.items("/faults")
    assert 200 == whole.call("GET", RESOLVE).status_code


def test_the_control_plane_is_never_struck(whole: Whole) -> None:
    """A fault for every path leaves the way to take it back."""
    whole.control("POST", "/faults", json={"path": "*", "status": 500})

    assert 500 == whole.call("GET", RESOLVE).status_code
    assert 204 == whole.control("DELETE", "/faults").status_code


def test_there_is_room_for_so_many_faults(whole: Whole) -> None:
    """One fault too many is refused with the limit."""
    for _ in range(MAX_FAULTS):
        assert 201 == whole.control("POST", "/faults", json={"status": 500}).status_code
    refused = whole.control("POST", "/faults", json={"status": 500})

    assert (409, "TOO_MANY_FAULTS") == _refusal(refused)[:2]
    assert {"limit": MAX_FAULTS} == refused.json()["error"]["details"]


def _ask_around(whole: Whole, advance: Callable[[float], None]) -> None:
    """A share, two opens and a miss, a minute apart from each other."""
    whole.call("POST", SHARE_TRACK, OWNER)
    for path in (RESOLVE, RESOLVE, "/nothing"):
        advance(60)
        whole.call("GET", path, address="198.51.100.9")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [201, 200, 200, 404]),
        ("?method=POST", [201]),
        ("?method=post", [201]),
        ("?method=", []),
        ("?operation=resolveShare", [200, 200]),
        ("?operation=playTrack", []),
        ("?status=404", [404]),
        ("?status=599", []),
        ("?since=2026-06-28T10:32:00Z", [200, 404]),
        ("?since=2026-06-28T10:32:00Z&operation=resolveShare", [200]),
        ("?limit=2", [200, 404]),
        ("?limit=2&method=GET&status=200", [200, 200]),
        ("?limit=10000", [201, 200, 200, 404]),
    ],
)
def test_the_journal_is_filtered(
    whole: Whole, advance: Callable[[float], None], query: str, expected: list[int]
) -> None:
    """Each filter narrows the list, together they narrow it further, and the newest is last."""
    _ask_around(whole, advance)

    assert expected == [request["status"] for request in whole.items(f"/requests{query}")]


NO_OPERATION = "operation: must be one of shareTrack, shareCollection, resolveShare, saveSharedTrack, playTrack"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("status=", "status: must be a whole number from 100 to 599"),
        ("status=ok", "status: must be a whole number from 100 to 599"),
        ("status=99", "status: must be a whole number from 100 to 599"),
        ("status=%D9%A5%D9%A0%D9%A0", "status: must be a whole number from 100 to 599"),
        ("limit=0", "limit: must be a whole number from 1 to 10000"),
        ("limit=-1", "limit: must be a whole number from 1 to 10000"),
        ("limit=" + "9" * 5000, "limit: must be a whole number from 1 to 10000"),
        *((f"operation={name}", NO_OPERATION) for name in ("nope", "resolveshare", "", "listRequests")),
        ("since=now", "since: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"),
        (
            "since=1999-12-31T23:59:59Z",
            "since: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        ("since=", "since: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"),
    ],
)
def test_a_wrong_filter_is_refused(whole: Whole, query: str, said: str) -> None:
    """A filter that means nothing is a 422 that says what would mean something."""
    assert (422, "VALIDATION_ERROR", said) == _refusal(whole.control("GET", f"/requests?{query}"))


QUERY_FREE = [
    ("GET", "/health"),
    ("POST", "/reset"),
    ("GET", "/state"),
    ("PUT", "/clock"),
    ("GET", "/faults"),
    ("DELETE", "/requests"),
    ("GET", "/audit"),
    ("GET", "/sandboxes"),
    ("POST", "/sandboxes"),
]


@pytest.mark.parametrize(("method", "path"), QUERY_FREE)
def test_a_query_that_would_not_be_heeded_is_refused(whole: Whole, method: str, path: str) -> None:
    """Most of all where it would seem to narrow what is cleared; nothing is done."""
    whole.call("GET", RESOLVE)
    body = {"real": True} if path == "/clock" else None
    refused = whole.control(method, f"{path}?status=500&x=", json=body)

    said = "unknown query parameter; this operation takes none"
    assert (422, "VALIDATION_ERROR", f"status: {said}; x: {said}") == _refusal(refused)
    assert [1, 0] == [len(whole.items(each)) for each in ("/requests", "/sandboxes")]


def test_an_unknown_filter_is_refused_with_the_known_ones(whole: Whole) -> None:
    """A filter that is misspelt does not list everything."""
    refused = whole.control("GET", "/requests?operation=resolveShare&bogus=1")

    said = "bogus: unknown query parameter; known are method, operation, status, since, limit"
    assert (422, "VALIDATION_ERROR", said) == _refusal(refused)
    assert {"field": "bogus", "value": "1"}.items() <= refused.json()["error"]["details"].items()


def test_the_filters_are_the_described_ones(control_contract: Any) -> None:
    """What is known is what the description names."""
    described = {
        operation["operationId"]: tuple(each["name"] for each in operation["parameters"])
        for item in control_contract.root["paths"].values()
        for operation in _methods(item)
        if "parameters" in operation
    }

    assert described == _PARAMETERS


def test_the_api_passes_over_what_it_does_not_know(whole: Whole) -> None:
    """Its documentation says nothing of unknown query parameters, so they are no reason to refuse a request."""
    assert 200 == whole.call("GET", f"{RESOLVE}?utm_source=mail").status_code


def test_the_journal_has_what_was_asked_and_answered(whole: Whole) -> None:
    """An entry has the request with its validated body, the answer's status, and the id that the client was told."""
    body = {"visibility": "public"}
    response = whole.call("POST", SHARE_TRACK, OWNER, json=body)
    (entry,) = whole.items("/requests")

    assert {
        "time": "2026-06-28T10:30:00Z",
        "method": "POST",
        "path": SHARE_TRACK,
        "operation": "shareTrack",
        "status": 201,
        "milliseconds": 0,
        "trace_id": response.headers["x-request-id"],
        "client_ip": ADDRESS,
        "body": body,
    } == {name: value for name, value in entry.items() if name != "headers"}
    assert ["mock.test", "[redacted]"] == [entry["headers"][name] for name in ("host", "x-api-key")]


def test_clearing_the_journal_leaves_the_audit(whole: Whole) -> None:
    """Only what was cleared is gone, and later requests are recorded again."""
    whole.call("GET", RESOLVE)

    assert 204 == whole.control("DELETE", "/requests").status_code
    assert [0, 1] == [len(whole.items(path)) for path in ("/requests", "/audit")]
    whole.call("GET", RESOLVE)
    assert 1 == len(whole.items("/requests"))


def test_the_audit_tells_who_opened_what(whole: Whole) -> None:
    """Each resolve is there with the client's address and the outcome, the newest last."""
    whole.call("GET", RESOLVE)
    whole.call("GET", "/v1/music/shared/shr_nobody_knows", address="2001:db8::7")

    moment = "2026-06-28T10:30:00Z"
    assert [
        {"time": moment, "client_ip": ADDRESS, "outcome": "opened", "share_link_id": LINK},
        {"time": moment, "client_ip": "2001:db8::7", "outcome": "unknown", "share_link_id": None},
    ] == whole.items("/audit")


def test_the_control_plane_is_not_in_the_journal(whole: Whole) -> None:
    """Only requests to the API are recorded."""
    whole.control("GET", "/state")
    whole.control("POST", "/links/mslink_0/revoke")

    assert [] == whole.items("/requests")


@pytest.mark.parametrize(
    ("plan", "mode", "opens"),
    [
        ({}, "real", 200),
        ({"seed": "docs"}, "real", 200),
        ({"seed": "empty"}, "real", 404),
        ({"clock": "2026-07-28T10:30:00Z"}, "frozen", 200),
        ({"deterministic": True}, "real", 404),
        ({"fixture": SMALL}, "real", 404),
    ],
)
def test_a_sandbox_begins_as_it_was_asked_for(whole: Whole, plan: Json, mode: str, opens: int) -> None:
    """Seed, fixture, clock and determinism are each the default sandbox's unless they are given."""
    name = whole.create(**plan)

    assert mode == whole.control("GET", "/clock", name).json()["mode"]
    assert opens == whole.call("GET", RESOLVE, sandbox=name).status_code


def test_a_sandbox_takes_after_the_default_one(make_whole: Callable[..., Whole], start: int) -> None:
    """Where the default sandbox is frozen and deterministic, so is one that does not say otherwise."""
    whole = make_whole(frozen_at=start, deterministic=True)
    like, unlike = whole.create(), whole.create(deterministic=False)

    assert "frozen" == whole.control("GET", "/clock", like).json()["mode"]
    assert [TOKEN, False] == [
        whole.call("POST", SHARE_TRACK, OWNER, like).json()["token"],
        whole.call("POST", SHARE_TRACK, OWNER, unlike).json()["token"] == TOKEN,
    ]


def test_a_sandbox_with_a_fixture_begins_with_it_again(whole: Whole) -> None:
    """A reset builds the given fixture anew, its relative moments counting from then."""
    name = whole.create(fixture=SMALL)
    assert 200 == whole.call("GET", SMALL_LINK, sandbox=name).status_code
    whole.control("POST", "/links/mslink_000000000001/revoke", name)
    whole.control("POST", "/reset", name)

    assert 200 == whole.call("GET", SMALL_LINK, sandbox=name).status_code


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"seed": "docs", "fixture": SMALL}, "fixture: give either a seed or a fixture"),
        ({"seed": "world.yaml"}, "seed: must be one of docs, empty"),
        ({"clock": "noon"}, "clock: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"),
        (
            {"clock": "2026-02-31T00:00:00Z"},
            "clock: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        ({"deterministic": "yes"}, "deterministic: must be a boolean"),
        ({"fixture": []}, "fixture: must be an object"),
        ({"colour": "red"}, "colour: unknown field; known are name, seed, fixture, clock, deterministic"),
    ],
)
def test_a_wrong_plan_for_a_sandbox_is_refused(whole: Whole, plan: Json, said: str) -> None:
    """What is no plan is a 422 that says what would be one, and nothing is made."""
    assert (422, "VALIDATION_ERROR", said) == _refusal(whole.control("POST", "/sandboxes", json=plan))
    assert [] == whole.items("/sandboxes")


@pytest.mark.parametrize("name", ["", "-a", "A", "a_b", "a/b", "a\n", "ä", "a" * 64, "a b", "."])
def test_a_name_that_cannot_stand_in_a_path_is_refused(whole: Whole, name: str) -> None:
    """Names are lower-case letters, digits and hyphens."""
    response = whole.control("POST", "/sandboxes", json={"name": name})

    said = "name: must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen"
    assert (422, "VALIDATION_ERROR", said) == _refusal(response)


@pytest.mark.parametrize("name", ["a", "0", "a-", "a" * 63, "suite-7-of-9"])
def test_every_other_name_works(whole: Whole, name: str) -> None:
    """A name is what stands in the base_url, so it leads to the sandbox as it is."""
    assert name == whole.create(name=name)
    assert 200 == whole.call("GET", RESOLVE, sandbox=name).status_code


def test_a_name_is_given_once(whole: Whole) -> None:
    """A second sandbox of a name is refused with what to do, and the first goes on."""
    whole.create(name="checkout")
    whole.control("POST", f"/links/{LINK}/revoke", "checkout")
    refused = whole.control("POST", "/sandboxes", json={"name": "checkout"})

    advice = "Choose another name, or throw it away with DELETE /_mock/sandboxes/checkout"
    assert (409, "SANDBOX_EXISTS", advice) == _refusal(refused)
    assert 404 == whole.call("GET", RESOLVE, sandbox="checkout").status_code


@pytest.mark.parametrize(
    ("method", "path", "request_", "expected"),
    [
        ("PUT", "/clock", {"content": b"{", "headers": JSON}, (422, "VALIDATION_ERROR", "body: not valid JSON")),
        ("PUT", "/clock", {}, (422, "VALIDATION_ERROR", "body: is missing")),
        ("PUT", "/clock", {"json": []}, (422, "VALIDATION_ERROR", "body: must be an object")),
        (
            "PUT",
            "/clock",
            {"data": {"real": "true"}},
            (415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json, in UTF-8"),
        ),
        (
            "PUT",
            "/clock",
            {"content": b" " * 65537, "headers": JSON},
            (413, "PAYLOAD_TOO_LARGE", "Request body exceeds 65536 bytes"),
        ),
        (
            "PUT",
            "/state",
            {"content": b" " * 16777217, "headers": JSON},
            (413, "PAYLOAD_TOO_LARGE", "Request body exceeds 16777216 bytes"),
        ),
        (
            "POST",
            "/faults",
            {"json": {}},
            (422, "VALIDATION_ERROR", "body: must have one of latency_ms, status, drop, body"),
        ),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    whole: Whole, method: str, path: str, request_: Json, expected: tuple[int, str, str]
) -> None:
    """Media type, size and form of bodies are judged as those of the API, a world having more room."""
    assert expected == _refusal(whole.control(method, path, **request_))


@pytest.mark.parametrize(
    ("method", "path", "expected", "allow"),
    [
        ("GET", "/_mock", (404, "ENDPOINT_NOT_FOUND"), None),
        ("GET", "/_mock/", (404, "ENDPOINT_NOT_FOUND"), None),
        ("GET", "/_mock/nothing", (404, "ENDPOINT_NOT_FOUND"), None),
        ("GET", "/_mock/health/", (404, "ENDPOINT_NOT_FOUND"), None),
        ("PATCH", "/_mock/state", (405, "METHOD_NOT_ALLOWED"), "GET, HEAD, PUT"),
        ("GET", "/_mock/reset", (405, "METHOD_NOT_ALLOWED"), "POST"),
    ],
)
def test_unknown_paths_and_methods_are_refused(
    whole: Whole, method: str, path: str, expected: tuple[int, str], allow: str | None
) -> None:
    """Below `/_mock` too, what is not there is a 404, and a wrong method a 405 that names the right ones."""
    response = whole.ask(method, path)

    assert expected == _refusal(response)[:2]
    assert allow == response.headers.get("allow")


def test_a_mock_alone_has_no_control_plane(ask: Callable[..., httpx.Response]) -> None:
    """An application that was made without sandboxes cannot be controlled, and has no sandbox to enter."""
    answers = [ask("GET", path) for path in ("/_mock/health", "/sandboxes/checkout/v1/music/shared/shr_track")]

    assert ["ENDPOINT_NOT_FOUND"] * 2 == [answer.json()["error"]["code"] for answer in answers]
