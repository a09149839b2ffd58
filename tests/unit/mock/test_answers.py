"""Answers on their way out."""

from __future__ import annotations

import asyncio
import json

import pytest
from starlette.types import Message

from aitronos_mock.answers import WHOLE, Answer


def test_an_answer_is_compact_utf_8_json() -> None:
    """A body is JSON in UTF-8, without spaces and without needless escapes."""
    assert '{"title":"Für Élise ☃"}'.encode() == Answer(200, {"title": "Für Élise ☃"}).encoded()


def test_half_a_surrogate_pair_is_escaped() -> None:
    """What UTF-8 cannot carry is escaped, so that every body can be sent and comes back as it was."""
    encoded = Answer(422, {"value": "\ud800 ☃"}).encoded()

    assert b'{"value":"\\ud800 \\u2603"}' == encoded
    assert {"value": "\ud800 ☃"} == json.loads(encoded)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_has_no_word_for_is_null(value: float) -> None:
    """NaN and infinity, which neither fixtures nor bodies can bring in, would leave as null, not as a bare word."""
    assert b'{"value":null}' == Answer(200, {"value": value}).encoded()


def test_a_number_beyond_64_bits_is_written_out() -> None:
    """An echoed number of any length comes back as it was."""
    assert b'{"value":' + b"9" * 40 + b"}" == Answer(422, {"value": int("9" * 40)}).encoded()


def test_an_answer_is_sent_whole_with_its_length_and_its_own_headers() -> None:
    """Status, media type, length, the answer's own headers and the body go in one piece."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Answer(418, {"é": 1}, [(b"x-own", b"1")])(send))

    headers = [(b"content-type", b"application/json"), (b"content-length", b"8"), (b"x-own", b"1")]
    assert [{"type": WHOLE, "status": 418, "headers": headers, "body": '{"é":1}'.encode()}] == sent
