"""Trying all rows, one after the other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .outcome import Mismatch, NotReachable
from .row import Row
from .secrets import Secrets
from .target import Target
from .trial import Trial
from .wire import Unanswered

PASS, FAIL, NOT_REACHABLE = "pass", "fail", "not reachable"
_MOST_SILENCES = 3
_LONGEST = 600


class Silent(Exception):
    """The server stopped answering; the message is the last reason."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a row came out. The texts are without secrets.

    Attributes:
        row: The row.
        result: `pass`, `fail` or `not reachable`.
        expected: What should have been, where it failed.
        got: What was, where it failed.
        reason: Why it could not be tried.
    """

    row: Row
    result: str
    expected: str = ""
    got: str = ""
    reason: str = ""


def tried(rows: Iterable[Row], target: Target) -> Iterator[Verdict]:
    """The verdict over each row, as it comes.

    Raises:
        Silent: Several rows in a row had no answer.
    """
    secrets = Secrets(target.given.secrets())
    trial = Trial(target, secrets)
    silences = 0
    for row in rows:
        try:
            yield _verdict(row, trial, secrets)
            silences = 0
        except Unanswered as silence:
            silences += 1
            if silences == _MOST_SILENCES:
                raise Silent(str(silence)) from None
            yield Verdict(row, FAIL, "an answer", str(silence))


def _verdict(row: Row, trial: Trial, secrets: Secrets) -> Verdict:
    try:
        row.check(trial)
    except Mismatch as mismatch:
        return Verdict(row, FAIL, _shown(mismatch.expected, secrets), _shown(mismatch.got, secrets))
    except NotReachable as obstacle:
        return Verdict(row, NOT_REACHABLE, reason=str(obstacle))
    return Verdict(row, PASS)


def _shown(value: Any, secrets: Secrets) -> str:
    hidden = secrets.hide(value)
    text = _printable(hidden if isinstance(hidden, str) else json.dumps(hidden, ensure_ascii=False))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text)} characters)"


def _printable(text: str) -> str:
    """The text without what a terminal obeys or an encoding cannot carry."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
