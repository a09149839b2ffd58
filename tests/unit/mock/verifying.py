"""Servers for rows: answers by the request, as a test writes them down."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from aitronos_mock.verify.control import Control
from aitronos_mock.verify.given import DOCS, Given
from aitronos_mock.verify.rows import ROWS
from aitronos_mock.verify.running import Verdict, tried
from aitronos_mock.verify.target import Target
from aitronos_mock.verify.wire import Answer, Request, Transport

URL = "http://127.0.0.1:8000"
LINK = {"id": "mslink_000000000000", "token": f"shr_{'a' * 32}", "url": "x"}
BY_ID = {row.id: row for row in ROWS}


def answered(status: int = 200, data: Any = None, **headers: str) -> Answer:
    """An answer with a JSON body; an underscore in the name of a header stands for a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, named, json.dumps(data).encode())


def target(
    transport: Transport, given: Given = DOCS, *, is_destructive: bool = True, is_mock: bool = False, **more: Any
) -> Target:
    """A server whose answers come from a function."""
    control = Control(transport, f"{URL}/_mock", {}) if is_mock else None
    return Target(URL, transport, given, is_destructive, control=control, **{"pause": lambda seconds: None, **more})


def verdict(row_id: str, server: Target) -> Verdict:
    """What comes of one row."""
    [found] = tried([BY_ID[row_id]], server)
    return found


def by_operation(answers: Mapping[str, Answer | Callable[[Request], Answer]]) -> Transport:
    """Answers by the last segment of the path, `share`, `save`, one of the control plane, or `shared` for a token."""

    def transport(request: Request) -> Answer:
        *_, above, last = request.url.partition("?")[0].split("/")
        answer = answers[last] if last in answers else answers[above]
        return answer if isinstance(answer, Answer) else answer(request)

    return transport
