"""One request, its answer, and whoever carries them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True, repr=False)
class Request:
    """What is asked. It may hold a key or a token, so it has no telling repr.

    Attributes:
        method: Of HTTP.
        url: Whole, with scheme and host.
        headers: By name.
        body: As it is sent, or None.
        source: The local address to send from, or None for whichever the machine takes.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=dict)
    body: bytes | None = None
    source: str | None = None


@dataclass(frozen=True, repr=False)
class Answer:
    """What came back.

    Attributes:
        status: The HTTP status.
        headers: By name in lower case; values of the same name are joined by commas.
        content: The body.
    """

    status: int
    headers: Headers
    content: bytes

    @cached_property
    def data(self) -> Any:
        """The JSON in the body, or the body as text where it is none."""
        text = self.content.decode("utf-8", "replace")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text

    def number(self, header: str) -> int | None:
        """The whole number in a header, or None where there is none."""
        text = self.headers.get(header, "")
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else None

    @property
    def fields(self) -> dict[str, Any]:
        """The object in the body; empty where there is none."""
        return as_object(self.data)

    @property
    def error(self) -> dict[str, Any]:
        """The `error` of an envelope; empty where the body is none."""
        return as_object(self.fields.get("error"))


def segment(text: str) -> str:
    """A text as one segment of a path, whatever characters a server put into it."""
    return quote(text, safe="", errors="replace")


def as_object(value: Any) -> dict[str, Any]:
    """A JSON object as it is; of anything else, an empty one."""
    return value if isinstance(value, dict) else {}


class Unanswered(Exception):
    """Nobody answered, or not in HTTP. The message is the reason, without anything secret."""


Transport = Callable[[Request], Answer]
"""Carries one request and gives its answer, or raises `Unanswered`."""
