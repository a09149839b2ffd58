"""What rows demand of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aitronos_mock.verify.checks import (
    require,
    require_equal,
    require_error,
    require_form,
    require_status,
    require_valid,
)
from aitronos_mock.verify.expectations import error
from aitronos_mock.verify.outcome import Mismatch

from .verifying import answered

GONE: dict[str, Any] = {"success": False, "error": error("resolveShare", 404, "revoked")}


def mismatch(check: Callable[[], None]) -> tuple[Any, Any]:
    """What a check that does not hold expected and got."""
    with pytest.raises(Mismatch) as found:
        check()
    return found.value.expected, found.value.got


def test_what_holds_is_let_pass() -> None:
    """No check complains without a reason."""
    require(True, "", "")
    require_equal(None, None)
    require_form("a+", "aa")
    require_status(200, answered(200))
    require_valid("resolveShare", 404, GONE)
    require_error(answered(404, GONE), "resolveShare", 404, "revoked", details={})


@pytest.mark.parametrize(("expected", "got"), [(1, 2), (1, True), (0, False), (1, 1.0), ("1", 1), (None, 0)])
def test_equal_values_have_equal_types(expected: Any, got: Any) -> None:
    """1, 1.0 and true are three values."""
    assert (expected, got) == mismatch(lambda: require_equal(expected, got))


@pytest.mark.parametrize("got", ["b", "aab", "", None, 7])
def test_a_form_is_that_of_the_whole_text(got: Any) -> None:
    """What is no text, or goes on, has not the form."""
    assert ("text of the form a+", got) == mismatch(lambda: require_form("a+", got))


def test_another_status_is_told_with_the_body() -> None:
    """Whoever reads the report sees what came instead."""
    expected, got = mismatch(lambda: require_status(200, answered(500, {"error": 7})))
    assert ("status 200", {"status": 500, "body": {"error": 7}}) == (expected, got)


def test_an_invalid_body_is_told_with_its_place() -> None:
    """The violation is what was expected, and what stands there is what came."""
    assert ("$.success: type boolean", 7) == mismatch(lambda: require_valid("resolveShare", 404, GONE | {"success": 7}))


@pytest.mark.parametrize(
    ("status", "change", "expected", "got"),
    [
        (410, {}, {"http_status": 404}, {"http_status": 410}),
        (404, {"code": "GONE"}, {"code": "RESOURCE_NOT_FOUND"}, {"code": "GONE"}),
        (404, {"details": {"a": 1}}, {"details": {}}, {"details": {"a": 1}}),
        (404, {"details": []}, {"details": {}}, {"details": []}),
    ],
)
def test_an_error_is_told_by_what_differs(status: int, change: Any, expected: Any, got: Any) -> None:
    """Fields that are as expected are left out."""
    answer = answered(status, {"success": False, "error": GONE["error"] | change})
    assert (expected, got) == mismatch(lambda: require_error(answer, "resolveShare", 404, "revoked", details={}))


@pytest.mark.parametrize("details", [{"field": "a", "more": 1}, {"field": "a"}])
def test_details_may_have_more(details: Any) -> None:
    """Only the named details are looked at."""
    answer = answered(404, {"error": GONE["error"] | {"details": details}})
    require_error(answer, "resolveShare", 404, "revoked", details={"field": "a"})
    assert ({"details": {"more": 2}}, {"details": {k: v for k, v in details.items() if k == "more"}}) == mismatch(
        lambda: require_error(answer, "resolveShare", 404, "revoked", details={"more": 2})
    )


def test_what_is_no_envelope_is_told_as_it_is() -> None:
    """A page instead of an envelope is shown whole, where it differs."""
    answer = answered(404, "<html>")
    _, got = mismatch(lambda: require_error(answer, "resolveShare", 404, "revoked"))
    assert "<html>" == got
