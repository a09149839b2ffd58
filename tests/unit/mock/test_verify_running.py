"""Trying rows one after the other."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock.verify.given import Given
from aitronos_mock.verify.outcome import Mismatch, NotReachable
from aitronos_mock.verify.row import Row, Source
from aitronos_mock.verify.running import FAIL, NOT_REACHABLE, PASS, Silent, tried
from aitronos_mock.verify.trial import Trial
from aitronos_mock.verify.wire import Unanswered

from .verifying import answered, target

SERVER = target(lambda request: answered(), Given(owner_key="S3cret"))


def row(*outcomes: Exception | None) -> list[Row]:
    """Rows that end like this."""

    def one(number: int, outcome: Exception | None) -> Row:
        def check(trial: Trial) -> None:
            if outcome is not None:
                raise outcome

        return Row(f"row.{number}", Source.DECISION, "any", "Something holds.", check)

    return [one(number, outcome) for number, outcome in enumerate(outcomes)]


def test_every_row_has_a_verdict() -> None:
    """What holds passes, what differs fails with both sides, what cannot be tried says why."""
    found = list(tried(row(None, Mismatch("a", {"b": [1]}), NotReachable("needs c")), SERVER))
    assert [
        (PASS, "", "", ""),
        (FAIL, "a", '{"b": [1]}', ""),
        (NOT_REACHABLE, "", "", "needs c"),
    ] == [(each.result, each.expected, each.got, each.reason) for each in found]


@pytest.mark.parametrize(
    ("got", "shown"),
    [
        ({"key": "S3cret"}, '{"key": "[secret]"}'),
        ("\x1b[31m", r"\x1b[31m"),
        ("\ud800", r"\ud800"),
        ("ü", "ü"),
        ("x" * 601, f"{'x' * 600}... (601 characters)"),
    ],
)
def test_what_came_is_shown_safely(got: Any, shown: str) -> None:
    """Secrets are hidden, what a terminal obeys is spelt out, and what is long is cut."""
    [found] = tried(row(Mismatch("a", got)), SERVER)
    assert shown == found.got


def test_no_answer_is_a_failure() -> None:
    """A row without an answer fails, and the next one is tried."""
    found = list(tried(row(Unanswered("no answer within 1 s"), None, Unanswered("gone"), None), SERVER))
    assert [FAIL, PASS, FAIL, PASS] == [each.result for each in found]
    assert ("an answer", "no answer within 1 s") == (found[0].expected, found[0].got)


def test_a_server_that_stopped_answering_is_left_alone() -> None:
    """After three rows without an answer the run ends: each further one would wait for its deadline."""
    with pytest.raises(Silent, match=r"^c$"):
        list(tried(row(Unanswered("a"), Unanswered("b"), Unanswered("c"), None), SERVER))
