"""The examples of the descriptions, by operation, status and name, ready to be answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from .answers import Answer, Headers
from .clock import timestamp
from .errors import Problem
from .exchange import Exchange

_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_EVERY_ANSWER_HAS = frozenset({"x-request-id", "freddy-processing-ms", "freddy-api-version"})
_ADDRESSES = frozenset({"url", "playback_url"})
_SPOKEN_AT = 1782642600
"""2026-06-28T10:30:00Z in Unix seconds, the moment at which the examples of headers speak."""


@dataclass(frozen=True, slots=True)
class Example:
    """One example of one status of one operation, as the description has it.

    Attributes:
        status: The HTTP status.
        body: The JSON body.
        headers: The declared headers, but for those that every answer has anyway.
    """

    status: int
    body: Mapping[str, Any]
    headers: Headers

    def answer(self, exchange: Exchange) -> Answer:
        """The example as an answer to this request: with its id, its time, and the address that it came to."""
        now = exchange.mock.clock.time()
        body = _readdressed(self.body, exchange.base_url)
        if "error" in body:
            body["error"] |= {"trace_id": exchange.trace_id, "timestamp": timestamp(now)}
        return Answer(self.status, body, [(name, _renewed(name, value, now)) for name, value in self.headers])


class Examples:
    """All examples of the operations that are described.

    Args:
        descriptions: OpenAPI documents. They are read once, here.
    """

    def __init__(self, *descriptions: dict[str, Any]) -> None:
        self._operations = {name: statuses for each in descriptions for name, statuses in _operations(each)}

    def __contains__(self, operation_id: object) -> bool:
        """Whether the operation is one of those that are described."""
        return operation_id in self._operations

    def defined(self, operation_id: str) -> dict[str, list[str]]:
        """The names of the examples of an operation by status, in the order of the description."""
        return {status: [*named] for status, named in self._operations[operation_id].items()}

    def find(self, operation_id: str, status: str | None, name: str | None) -> Example | None:
        """An example of an operation, or None where it has no such one.

        Args:
            operation_id: The operation.
            status: The status, as it was written; None is the lowest one of success.
            name: The name; None is the first one.
        """
        statuses = self._operations[operation_id]
        if status is None:
            status = min((each for each in statuses if each.startswith("2")), default="")
        named = statuses.get(status, {})
        return next(iter(named.values()), None) if name is None else named.get(name)

    def error(self, exchange: Exchange, status: int) -> Answer:
        """An error of this status, whatever the operation declares.

        It is the first documented one of the operation, or else of another operation; where no document has the
        status, it is an envelope that says no more than the status does.
        """
        own_first = sorted(self._operations, key=lambda operation_id: operation_id != exchange.operation_id)
        found = (self.find(operation_id, str(status), None) for operation_id in own_first)
        example = next(filter(None, found), None)
        if example is None:
            return _undocumented(status).answer(exchange.trace_id, exchange.mock.clock.time())
        return example.answer(exchange)


_Named = dict[str, Example]


def _operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, _Named]]]:
    for item in description["paths"].values():
        for method in _METHODS & item.keys():
            yield item[method]["operationId"], dict(_statuses(description, item[method]["responses"]))


def _statuses(description: dict[str, Any], responses: dict[str, Any]) -> Iterator[tuple[str, _Named]]:
    """The statuses that have examples; what has none, such as audio, can only be asked for in earnest."""
    for status, response in responses.items():
        response = _resolved(description, response)
        examples = response.get("content", {}).get("application/json", {}).get("examples", {})
        if examples:
            headers = list(_headers(description, response["headers"]))
            bodies = {name: _resolved(description, example)["value"] for name, example in examples.items()}
            yield status, {name: Example(int(status), body, headers) for name, body in bodies.items()}


def _headers(description: dict[str, Any], headers: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    for name, header in headers.items():
        if name.lower() not in _EVERY_ANSWER_HAS:
            yield name.lower().encode(), str(_resolved(description, header)["example"]).encode()


def _resolved(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    """A part of a description, or what its reference leads to."""
    while "$ref" in node:
        target: Any = description
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _readdressed(value: Any, base_url: str, key: str = "") -> Any:
    """A copy of a body whose addresses are those of this mock: nobody shall be sent to the real service by a mock."""
    match value:
        case dict():
            return {name: _readdressed(each, base_url, name) for name, each in value.items()}
        case list():
            return [_readdressed(each, base_url) for each in value]
        case str() if key in _ADDRESSES:
            return base_url + urlsplit(value)._replace(scheme="", netloc="").geturl()
        case _:
            return value


def _renewed(name: bytes, value: bytes, now: float) -> bytes:
    """The value of a header, moved from the moment of the examples to now."""
    return str(int(now) - _SPOKEN_AT + int(value)).encode() if name == b"x-ratelimit-reset" else value


def _undocumented(status: int) -> Problem:
    """An error that says what its status says; 503 asks for another try in a second."""
    try:
        known = HTTPStatus(status)
        code, phrase = known.name, known.phrase
    except ValueError:
        code, phrase = f"STATUS_{status}", "A status without a name"
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Problem(
        status,
        code,
        "server_error" if ours else "client_error",
        "The service cannot answer right now. Please try again later." if ours else "The request was refused.",
        f"{phrase}, because a fault of the mock wants it so",
        headers=[(b"retry-after", b"1")] if status == HTTPStatus.SERVICE_UNAVAILABLE else [],
    )
