"""Answers that one request forces: the example of the description instead of what would be true.

`Prefer: code=404, example=revoked` in the header, and `?__code=404&__example=revoked` where no header can be sent. The
names are those of Prism, a mock server that many know; the header's form is that of RFC 7240.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, cast
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from .answers import Answer, Headers
from .examples import Examples
from .exchange import Exchange
from .refusals import ForcedAnswerUnknown

_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.?)*+(?:"|$))+')
_PREFERENCE = re.compile(r'([^;="]*)(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*)))?')
_ESCAPED = re.compile(r"\\(.)")


class Wanted(NamedTuple):
    """Which answer is asked for, as it was written; None where the request does not say.

    Attributes:
        code: The status.
        example: The name of the example.
        is_preferred: Whether the header says so, not the query.
    """

    code: str | None
    example: str | None
    is_preferred: bool

    @classmethod
    def of(cls, exchange: Exchange) -> Wanted | None:
        """What a request asks for, or None. Where the header asks for anything, the query is not looked at."""
        if values := exchange.fields("prefer"):
            named = preferences(", ".join(values))
            if named.keys() & {"code", "example"}:
                return cls(named.get("code"), named.get("example"), is_preferred=True)
        if "__" in exchange.query:
            asked = parse_qsl(exchange.query, keep_blank_values=True)
            named = dict(reversed(asked))
            if named.keys() & {"__code", "__example"}:
                return cls(named.get("__code"), named.get("__example"), is_preferred=False)
        return None

    def applied(self) -> Headers:
        """What tells the client that its header was followed."""
        if not self.is_preferred:
            return []
        named = (("code", self.code), ("example", self.example))
        applied = ", ".join(f"{name}={value}" for name, value in named if value is not None)
        return [(b"preference-applied", applied.encode("latin-1"))]


def preferences(header: str) -> dict[str, str]:
    """The preferences of a `Prefer` header by name, as RFC 7240 reads it.

    Names are in lower case. Of one that comes twice the first counts, parameters are left out, no value is an empty
    one, and what has not the form of a preference is passed over.
    """
    found: dict[str, str] = {}
    for name, value in _pairs(header):
        if name:
            found.setdefault(name, value)
    return found


def _pairs(header: str) -> Iterator[tuple[str, str]]:
    for element in _ELEMENT.findall(header):
        name, quoted, bare = cast(re.Match[str], _PREFERENCE.match(element)).groups()
        yield name.strip().lower(), (bare or "").strip() if quoted is None else _ESCAPED.sub(r"\1", quoted)


class ForcedAnswers:
    """Answers what a request forces, before anybody is authenticated, limited or validated.

    Args:
        app: Answers the requests that force nothing.
        examples: What can be forced.
    """

    def __init__(self, app: ASGIApp, examples: Examples) -> None:
        self._app = app
        self._examples = examples

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange.of(scope) if scope["type"] == "http" else None
        wanted = None if exchange is None else Wanted.of(exchange)
        if exchange is None or wanted is None or exchange.operation_id not in self._examples:
            await self._app(scope, receive, send)
        else:
            await self._answer(exchange, wanted)(send)

    def _answer(self, exchange: Exchange, wanted: Wanted) -> Answer:
        operation_id = cast(str, exchange.operation_id)
        example = self._examples.find(operation_id, wanted.code, wanted.example)
        if example is None:
            defined = self._examples.defined(operation_id)
            raise ForcedAnswerUnknown(operation_id, wanted.code, wanted.example, defined)
        exchange.headers += wanted.applied()
        return example.answer(exchange)
