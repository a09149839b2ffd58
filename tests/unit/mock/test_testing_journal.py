"""Assertions about what a sandbox was asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import httpx
import pytest

from aitronos_mock.testing import Operation, Sandbox, seeded

OPEN = f"/v1/music/shared/{seeded.TRACK_TOKEN}"


@pytest.fixture
def http(aitronos_sandbox_in_process: Sandbox) -> httpx.Client:
    """A client of the sandbox."""
    return aitronos_sandbox_in_process.http_client()


@pytest.fixture
def sandbox(aitronos_sandbox_in_process: Sandbox) -> Sandbox:
    """A sandbox of its own."""
    return aitronos_sandbox_in_process


def test_operations_are_those_of_the_descriptions(contract: Any) -> None:
    """There is a name for every operation of the API, and for playing."""
    described = {operation["operationId"] for item in contract.root["paths"].values() for operation in _called(item)}
    assert described | {"playTrack"} == set(get_args(Operation))


def _called(item: Mapping[str, Any]) -> list[Any]:
    return [operation for name, operation in item.items() if name != "parameters"]


def test_requests_are_selected(sandbox: Sandbox, http: httpx.Client) -> None:
    """What fits is given, oldest first, with its parts as the journal has them."""
    sandbox.clock.freeze("2026-06-28T10:30:00Z")
    answer = http.get(OPEN)
    http.get("/v1/music/shared/shr_unknown")
    http.post(f"{OPEN}/save")

    [opened] = sandbox.journal.requests("resolveShare", status=200)
    assert ("resolveShare", "GET", "/v1/music/shared/{token}", 200, None) == (
        opened.operation,
        opened.method,
        opened.path,
        opened.status,
        opened.body,
    )
    assert answer.headers["x-request-id"] == opened.trace_id
    assert sandbox.clock.now() == opened.time
    assert [200, 404, 401] == [request.status for request in sandbox.journal.requests()]


def test_an_assertion_gives_what_it_found(sandbox: Sandbox, http: httpx.Client) -> None:
    """An assertion that holds gives the requests, for further ones."""
    http.get(OPEN)
    http.get(OPEN)
    assert 2 == len(sandbox.journal.assert_requested("resolveShare", status=200))
    assert 2 == len(sandbox.journal.assert_requested("resolveShare", times=2))


@pytest.mark.parametrize("times", [None, 1, 3])
def test_a_count_that_does_not_hold_fails(sandbox: Sandbox, http: httpx.Client, times: int | None) -> None:
    """Too few and too many fail alike, and so does none where one or more are expected."""
    for _ in range(2):
        http.get(OPEN)
    status = 200 if times else 404
    with pytest.raises(AssertionError, match=r"^expected .* to resolveShare with status="):
        sandbox.journal.assert_requested("resolveShare", times=times, status=status)


def test_what_was_not_requested(sandbox: Sandbox, http: httpx.Client) -> None:
    """An operation that was not called, or not like this, passes; one that was called fails."""
    http.get(OPEN)
    sandbox.journal.assert_not_requested("saveSharedTrack")
    sandbox.journal.assert_not_requested("resolveShare", status=404)
    with pytest.raises(AssertionError, match=r"^expected no requests to resolveShare\ncame 1\n"):
        sandbox.journal.assert_not_requested("resolveShare")


def test_sequences(sandbox: Sandbox, http: httpx.Client) -> None:
    """All operations count, in their order; a path that is none counts as None."""
    http.get(OPEN)
    http.get("/nowhere")
    sandbox.journal.assert_operations("resolveShare", None)
    sequences: list[list[Operation | None]] = [
        [],
        ["resolveShare"],
        [None, "resolveShare"],
        ["resolveShare", None, "shareTrack"],
    ]
    for others in sequences:
        with pytest.raises(AssertionError, match=r"^expected other operations"):
            sandbox.journal.assert_operations(*others)


def test_a_misspelt_operation_fails_every_assertion(sandbox: Sandbox) -> None:
    """No assertion passes because of a misspelling."""
    journal: Any = sandbox.journal
    for ask in (journal.requests, journal.assert_requested, journal.assert_not_requested, journal.assert_operations):
        with pytest.raises(ValueError, match="did you mean shareTrack"):
            ask("sharetrack")


def test_a_cleared_journal_is_empty(sandbox: Sandbox, http: httpx.Client) -> None:
    """What was asked so far can be forgotten."""
    http.get(OPEN)
    sandbox.journal.clear()
    sandbox.journal.assert_operations()
