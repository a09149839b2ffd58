"""Requests and answers of the contract suite."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock.verify.wire import Answer, Request, as_object


@pytest.mark.parametrize(
    ("content", "data"),
    [(b'{"a": 1}', {"a": 1}), (b"<html>", "<html>"), (b"", ""), (b"\xff", "\ufffd"), (b"[" * 100_000, "[" * 100_000)],
)
def test_a_body_is_json_or_text(content: bytes, data: Any) -> None:
    """What is no JSON, in whichever way, is taken as text."""
    assert data == Answer(200, {}, content).data


@pytest.mark.parametrize(
    ("content", "error"), [(b'{"error": {"code": "A"}}', {"code": "A"}), (b'{"error": 7}', {}), (b"[]", {}), (b"x", {})]
)
def test_an_error_is_an_object(content: bytes, error: Any) -> None:
    """An answer that is no envelope has an empty error."""
    assert error == Answer(404, {}, content).error


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("", None), ("-7", None), ("7.0", None), ("\u0667", None), ("9" * 5000, None)],
)
def test_a_number_in_a_header_is_plain(text: str, number: int | None) -> None:
    """Digits of ASCII are a number, up to a length that can be meant; a header that is missing is none."""
    assert number == Answer(200, {"retry-after": text}, b"").number("retry-after")
    assert None is Answer(200, {}, b"").number("retry-after")


def test_an_object_is_told_from_all_else() -> None:
    """An object stays what it is, and everything else is an empty one."""
    assert [{"a": 1}, {}, {}] == [as_object({"a": 1}), as_object([1]), as_object(None)]


def test_no_repr_shows_a_secret() -> None:
    """Neither a request nor an answer shows what it carries."""
    shown = repr(Request("GET", "http://x/shr_0", {"X-API-Key": "K"})) + repr(Answer(200, {"a": "K"}, b"shr_0"))
    assert "shr_0" not in shown
    assert "K'" not in shown
