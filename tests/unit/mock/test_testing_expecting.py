"""Requests as they are expected, held against those that came, in words for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aitronos_mock.testing.entries import Request
from aitronos_mock.testing.expecting import Wanted, check, compared, told

TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"


def request(operation: str | None, status: int | None = 200, **changes: Any) -> Request:
    """A request as the journal would have it."""
    return Request(
        **{
            "operation": operation,
            "method": "GET",
            "path": "/v1/music/shared/{token}",
            "status": status,
            "body": None,
            "headers": {"x-api-key": "[redacted]", "prefer": "code=404"},
            "time": datetime(2026, 6, 28, 10, 30, tzinfo=UTC),
            "milliseconds": 3,
            "trace_id": "req_1",
            "client_ip": "127.0.0.1",
            **changes,
        }
    )


OPENED = request("resolveShare")
REFUSED = request("saveSharedTrack", 401, method="POST", path="/v1/music/shared/{token}/save", trace_id="req_2")
SHARED = request(
    "shareTrack", 201, method="POST", path="/v1/music/org/tracks/t/share", body={"expires_in_days": 7}, trace_id="req_3"
)
LOST = request(None, 404, path="/nowhere", trace_id="req_4")
UNANSWERED = request("resolveShare", None, trace_id="req_5")


def test_a_misspelt_part_is_refused() -> None:
    """No request has it, so an assertion that nothing like it came would never fail."""
    with pytest.raises(ValueError, match=r"no 'statuss' .*; there are body, headers, method, path, status$"):
        Wanted.of("resolveShare", {"statuss": 404})  # type: ignore[typeddict-unknown-key] # on purpose


@pytest.mark.parametrize(
    ("expected", "misfits"),
    [
        ({}, []),
        ({"status": 200, "method": "GET", "body": None}, []),
        ({"path": f"/v1/music/shared/{TOKEN}"}, []),
        ({"headers": {"Prefer": "code=404", "X-API-Key": "a-key"}}, []),
        ({"status": 404}, ["status: expected 404, came 200"]),
        ({"body": {"a": 1}}, ["body: expected {'a': 1}, came None"]),
        ({"headers": {"Prefer": "code=500"}}, ["header prefer: expected 'code=500', came 'code=404'"]),
        ({"headers": {"Origin": "x"}}, ["header origin: expected 'x', came None"]),
    ],
)
def test_what_is_named_is_compared(expected: Any, misfits: list[str]) -> None:
    """Each part that is named counts, and no other; tokens and the values of credentials cannot be compared."""
    assert misfits == Wanted.of("resolveShare", expected).misfits(OPENED)


def test_no_operation_is_any() -> None:
    """Without an operation, requests to all of them are meant."""
    assert [] == Wanted.of(None, {"status": 200}).misfits(OPENED)
    assert ["operation: expected 'shareTrack', came 'resolveShare'"] == Wanted.of("shareTrack", {}).misfits(OPENED)


@pytest.mark.parametrize(
    ("expected", "came", "nearest"),
    [
        ({"status": 404}, [SHARED, OPENED, REFUSED], OPENED),
        ({"status": 404}, [OPENED, UNANSWERED], UNANSWERED),
        ({"status": 404, "method": "POST"}, [request("resolveShare", 404), OPENED], request("resolveShare", 404)),
        ({"status": 404}, [SHARED, REFUSED], REFUSED),
        ({"status": 200}, [OPENED], None),
        ({"status": 200}, [], None),
    ],
    ids=["same operation", "latest", "fewest misfits", "another operation", "the one that fits", "nothing came"],
)
def test_the_nearest(expected: Any, came: list[Request], nearest: Request | None) -> None:
    """The nearest is of the same operation if there is one, has the fewest misfits, and is the latest of equals."""
    assert nearest == Wanted.of("resolveShare", expected).nearest(came)


def test_a_failure_has_expectation_count_nearest_and_journal() -> None:
    """A person reads what was expected, what came, how the nearest differs, and the whole journal."""
    wanted = Wanted.of("saveSharedTrack", {"status": 201, "body": None})
    assert told(wanted, None, [SHARED, REFUSED]).splitlines() == [
        "expected at least 1 request to saveSharedTrack with status=201, body=None",
        "came none",
        "nearest: POST /v1/music/shared/{token}/save -> 401 (saveSharedTrack, req_2)",
        "  status: expected 201, came 401",
        "journal, oldest first:",
        "  POST /v1/music/org/tracks/t/share -> 201 (shareTrack, req_3)",
        "  POST /v1/music/shared/{token}/save -> 401 (saveSharedTrack, req_2)",
    ]


def test_what_was_found_is_marked() -> None:
    """Where too many came, no nearest is told, and those that came are marked."""
    assert told(Wanted.of("resolveShare", {}), 0, [OPENED, LOST, UNANSWERED]).splitlines() == [
        "expected no requests to resolveShare",
        "came 2",
        "journal, oldest first:",
        "* GET /v1/music/shared/{token} -> 200 (resolveShare, req_1)",
        "  GET /nowhere -> 404 (no operation, req_4)",
        "* GET /v1/music/shared/{token} -> no answer (resolveShare, req_5)",
    ]


@pytest.mark.parametrize(
    ("times", "first"),
    [(1, "expected 1 request to shareTrack"), (2, "expected 2 requests to shareTrack")],
)
def test_a_number_is_told(times: int, first: str) -> None:
    """How often is told in plain words, and an empty journal is said to be empty."""
    assert [first, "came none", "the journal is empty"] == told(Wanted.of("shareTrack", {}), times, []).splitlines()


def test_a_long_journal_is_cut_at_its_beginning() -> None:
    """The twenty latest are shown, with the number of those before."""
    lines = told(Wanted.of("shareTrack", {}), 1, [OPENED] * 23).splitlines()
    at = lines.index("journal, oldest first:")
    assert "  … 3 before these" == lines[at + 1]
    assert [f"  {OPENED}"] * 20 == lines[at + 2 :]


def test_sequences_stand_beside_each_other() -> None:
    """What did not come and what came besides are marked, in their order."""
    assert compared(["shareTrack", "saveSharedTrack", None], [SHARED, OPENED, LOST]).splitlines() == [
        "expected other operations (- did not come, + came besides):",
        "    shareTrack",
        "  - saveSharedTrack",
        "  + resolveShare",
        "    no operation",
        "journal, oldest first:",
        f"  {SHARED}",
        f"  {OPENED}",
        f"  {LOST}",
    ]


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("resolveShar", "did you mean resolveShare?"),
        ("resolve_share", "did you mean resolveShare?"),
        ("x", "did you mean shareTrack or shareCollection or resolveShare or saveSharedTrack or playTrack?"),
    ],
)
def test_a_misspelt_operation_is_refused(misspelt: str, meant: str) -> None:
    """An operation that is none would make an assertion that cannot fail; the likeliest one is named."""
    with pytest.raises(ValueError, match=f"^there is no operation '{misspelt}'; {meant}".replace("?", r"\?") + "$"):
        check(misspelt)


def test_no_secret_is_told() -> None:
    """A token or a key that an assertion was given is not in its message."""
    expected: Any = {"path": f"/v1/music/shared/{TOKEN}/x", "headers": {"X-API-Key": "secret", "Referer": TOKEN}}
    text = told(Wanted.of("resolveShare", expected), None, [OPENED])
    assert "path='/v1/music/shared/{token}/x'" in text
    assert "secret" not in text
    assert TOKEN not in text
