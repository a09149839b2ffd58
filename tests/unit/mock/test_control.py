"""The control plane: what it changes, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from aitronos_mock import __version__
from aitronos_mock.control.handlers import _PARAMETERS, BY_OPERATION
from aitronos_mock.faults.faults import MAX_FAULTS

from .whole import (
    COLLECTION,
    COLLECTION_LINK,
    LINK,
    OWNER,
    RECIPIENT,
    RESOLVE,
    SHARE_COLLECTION,
    SHARE_TRACK,
    TRACK,
    Json,
    Whole,
    refusal_of,
)

JSON = {"Content-Type": "application/json"}


def test_every_described_operation_has_a_handler(control_contract: Any) -> None:
    """The description and the handlers name the same operations."""
    described = {each["operationId"] for item in control_contract.root["paths"].values() for each in _methods(item)}

    assert described == BY_OPERATION.keys()


def _methods(item: Json) -> list[Json]:
    return [each for each in item.values() if isinstance(each, dict)]


def test_the_filters_are_the_described_ones(control_contract: Any) -> None:
    """What is known is what the description names."""
    described = {
        operation["operationId"]: tuple(each["name"] for each in operation["parameters"])
        for item in control_contract.root["paths"].values()
        for operation in _methods(item)
        if "parameters" in operation
    }

    assert described == _PARAMETERS


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

    assert (404, "RESOURCE_NOT_FOUND", "The sandbox has nothing of this identifier") == refusal_of(response)
    assert details == response.json()["error"]["details"]


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

    assert (409, "TOO_MANY_FAULTS") == refusal_of(refused)[:2]
    assert {"limit": MAX_FAULTS} == refused.json()["error"]["details"]


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
    assert (422, "VALIDATION_ERROR", f"status: {said}; x: {said}") == refusal_of(refused)
    assert [1, 0] == [len(whole.items(each)) for each in ("/requests", "/sandboxes")]


def test_the_api_passes_over_what_it_does_not_know(whole: Whole) -> None:
    """Its documentation says nothing of unknown query parameters, so they are no reason to refuse a request."""
    assert 200 == whole.call("GET", f"{RESOLVE}?utm_source=mail").status_code


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
    assert expected == refusal_of(whole.control(method, path, **request_))


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

    assert expected == refusal_of(response)[:2]
    assert allow == response.headers.get("allow")


def test_a_mock_alone_has_no_control_plane(ask: Callable[..., httpx.Response]) -> None:
    """An application that was made without sandboxes cannot be controlled, and has no sandbox to enter."""
    answers = [ask("GET", path) for path in ("/_mock/health", "/sandboxes/checkout/v1/music/shared/shr_track")]

    assert ["ENDPOINT_NOT_FOUND"] * 2 == [answer.json()["error"]["code"] for answer in answers]
