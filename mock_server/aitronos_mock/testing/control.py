"""The control plane of one mock or of one sandbox of it, however it is reached."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..control.targets import target_of
from .errors import MockRefused, MockUnavailable

Exchange = Callable[[str, str, bytes | None], tuple[int, bytes]]
"""Sends a method, a target and a JSON body to the mock, and gives status and body of the answer.

Raises:
    MockUnavailable: Nobody answered.
"""


@dataclass(frozen=True, slots=True)
class Control:
    """Speaks with one control plane.

    Attributes:
        exchange: The way to the mock.
        path: What stands before `/_mock`: nothing, or `/sandboxes/NAME`.
    """

    exchange: Exchange
    path: str = ""

    def send(self, method: str, *segments: str, query: Mapping[str, object] | None = None, body: object = None) -> Any:
        """Call one operation, and give its decoded answer, or None where it has none.

        Args:
            method: Of HTTP.
            segments: The segments behind `/_mock`, as they are; they are encoded here.
            query: The query by name.
            body: What becomes the JSON body; None is no body.

        Raises:
            MockRefused: The mock answered with an error.
            MockUnavailable: Nobody answered, or not as a mock does.
        """
        target = self.path + target_of(segments, query)
        status, text = self.exchange(method, target, None if body is None else json.dumps(body).encode())
        data = _decoded(text) if text else None
        if status >= 300:
            raise _refusal(status, data)
        return data


def _decoded(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise _stranger() from None


def _refusal(status: int, data: Any) -> Exception:
    match data:
        case {"error": {"code": str(code), "message": str(message), "system_message": str(why), "details": details}}:
            return MockRefused(status, code, f"{message} {why}", details)
        case _:
            return _stranger()


def _stranger() -> MockUnavailable:
    return MockUnavailable("what answers is no aitronos-mock; check --aitronos-mock-url")
