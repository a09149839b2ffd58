"""The journal and the audit, as the control plane shows them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .whole import (
    ADDRESS,
    LINK,
    OWNER,
    RESOLVE,
    SHARE_TRACK,
    Whole,
    refusal_of,
)


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
    assert (422, "VALIDATION_ERROR", said) == refusal_of(whole.control("GET", f"/requests?{query}"))


def test_an_unknown_filter_is_refused_with_the_known_ones(whole: Whole) -> None:
    """A filter that is misspelt does not list everything."""
    refused = whole.control("GET", "/requests?operation=resolveShare&bogus=1")

    said = "bogus: unknown query parameter; known are method, operation, status, since, limit"
    assert (422, "VALIDATION_ERROR", said) == refusal_of(refused)
    assert {"field": "bogus", "value": "1"}.items() <= refused.json()["error"]["details"].items()


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
