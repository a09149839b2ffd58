"""What is written on stderr."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from aitronos_mock.logs import Access, HumanFormatter, JsonFormatter, access_logger, configure, log_access

ACCESS = Access("GET", "resolveShare", 200, 3, "req_1", "203.0.113.7", "checkout")
UNREAD = Access(None, None, 431, 0, "req_2", "::1", None)


@contextmanager
def fresh_root() -> Iterator[None]:
    """The root logger as a new process has it, and as it was afterwards."""
    root, others = logging.getLogger(), [logging.getLogger(name) for name in ("uvicorn", "connexion")]
    handlers, level, levels = root.handlers[:], root.level, [other.level for other in others]
    root.handlers.clear()
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for other, its_level in zip(others, levels, strict=True):
            other.setLevel(its_level)


def _record(message: str, *args: object, exc_info: Any = None) -> logging.LogRecord:
    record = logging.LogRecord("aitronos_mock", logging.WARNING, __file__, 1, message, args, exc_info)
    record.created, record.msecs = 1782642600.25, 250
    return record


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (ACCESS, "GET resolveShare 200 3 ms req_1 203.0.113.7 checkout"),
        (UNREAD, "- - 431 0 ms req_2 ::1 -"),
    ],
)
def test_an_access_is_one_line_for_people(access: Access, expected: str) -> None:
    """What is not known is a dash."""
    line = HumanFormatter().format(_record("%s", access))

    assert f"2026-06-28T10:30:00.250Z WARNING aitronos_mock: {expected}" == line


@pytest.mark.parametrize("access", [ACCESS, UNREAD])
def test_an_access_is_one_object_for_programs(access: Access) -> None:
    """Its fields have their names, and what is not known is null."""
    line = json.loads(JsonFormatter().format(_record("%s", access)))

    head = {"time": "2026-06-28T10:30:00.250Z", "level": "warning", "logger": "aitronos_mock"}
    assert head | access._asdict() == line
    assert {"time", "method", "operation", "status", "ms", "trace_id", "client_ip", "sandbox"} <= line.keys()


@pytest.mark.parametrize(
    ("args", "message"), [((), "it is"), (("so",), "it is so"), (("so", "and so"), "it is so, and so")]
)
def test_anything_else_is_a_message(args: tuple[str, ...], message: str) -> None:
    """What is no access has a message, with what was to be put into it."""
    said = "it is" + "".join([" %s", ", %s"][: len(args)])

    assert message == json.loads(JsonFormatter().format(_record(said, *args)))["message"]


def test_a_failure_is_told_whole_in_one_line() -> None:
    """The traceback is a field, so that a line is still an object."""
    try:
        raise ValueError("gone\nwrong")
    except ValueError:
        line = JsonFormatter().format(_record("failed", exc_info=sys.exc_info()))

    assert 1 == len(line.splitlines())
    assert json.loads(line)["exception"].endswith("ValueError: gone\nwrong")


@pytest.mark.parametrize(("level", "expected"), [(logging.INFO, [str(ACCESS)]), (logging.WARNING, [])])
def test_accesses_are_information(caplog: pytest.LogCaptureFixture, level: int, expected: list[str]) -> None:
    """Who wants warnings only does not get them."""
    caplog.set_level(level, access_logger.name)
    log_access(ACCESS)

    assert expected == [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(("form", "starts"), [("human", "2"), ("json", "{")])
def test_the_form_and_the_level_are_chosen(monkeypatch: pytest.MonkeyPatch, form: Any, starts: str) -> None:
    """Everything from the level on goes to stderr in the form; what libraries say of themselves needs a warning."""
    monkeypatch.setattr(sys, "stderr", stderr := io.StringIO())
    with fresh_root():
        configure("info", form)
        silent = (("a", logging.DEBUG), ("uvicorn.error", logging.INFO), ("connexion.security", logging.INFO))
        for name, level in (*silent, ("b", logging.INFO)):
            logging.getLogger(name).log(level, "said by %s", name)

    lines = stderr.getvalue().splitlines()
    assert [True] == [line.startswith(starts) and "said by b" in line for line in lines]


@pytest.mark.parametrize("name", ["uvicorn", "connexion"])
def test_a_library_says_no_more_than_it_is_asked_for(name: str) -> None:
    """A higher level than warning counts for it too."""
    with fresh_root():
        configure("error", "human")
        level = logging.getLogger(name).level

    assert logging.ERROR == level
