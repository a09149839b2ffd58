"""The contract, as those ask it who judge a conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from .. import contract
from . import schemas

UNROUTED = "unrouted"
_Json = dict[str, Any]


class Cause(NamedTuple):
    """A named example among the responses in openapi.yaml."""

    operation: str
    """The `operationId`, or `unrouted` for answers that belong to no operation."""
    status: int
    name: str


@dataclass(frozen=True)
class Operation:
    """One operation, or `unrouted` for the answers that belong to none."""

    name: str
    responses: _Json
    request_body: _Json | None = None
    is_public: bool = True
    method: str = ""
    template: str = ""

    def path_parameters(self, path: str) -> dict[str, str]:
        """The values of the path's parameters by their names. Anything may stand before the path, such as a sandbox."""
        match = re.fullmatch("(?:/.*)?" + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template), path)
        return match.groupdict() if match else {}

    def is_called_by(self, method: str, path: str) -> bool:
        """Whether a request with this method and path is one of this operation; HEAD is where GET is."""
        return self.method == ("GET" if method == "HEAD" else method) and bool(self.path_parameters(path))


@cache
def document() -> _Json:
    """The whole contract. Treat it as read-only."""
    return contract.load()


@cache
def operations() -> tuple[Operation, ...]:
    """The operations of the contract, `unrouted` last."""
    return (*_operations(), Operation(UNROUTED, document()["x-unrouted-responses"]))


def _operations() -> Iterator[Operation]:
    for template, item in document()["paths"].items():
        for method, described in item.items():
            if method != "parameters":
                body = described.get("requestBody")
                yield Operation(
                    described["operationId"],
                    described["responses"],
                    None if body is None else resolved(body),
                    is_public=not described["security"],
                    method=method.upper(),
                    template=template,
                )


def operation_called_by(method: str, path: str) -> Operation:
    """The operation that a request reaches, or `unrouted`."""
    *routed, unrouted = operations()
    return next((operation for operation in routed if operation.is_called_by(method, path)), unrouted)


def resolved(part: _Json) -> _Json:
    """A part of the contract, without `$ref` at its top."""
    while "$ref" in part:
        found = document()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def examples() -> dict[Cause, Any]:
    """The body of every example of a response, by what causes it."""
    return {
        Cause(operation.name, int(status), name): resolved(example)["value"]
        for operation in operations()
        for status, response in operation.responses.items()
        for media in resolved(response)["content"].values()
        for name, example in media["examples"].items()
    }


def headers(operation: Operation, status: int) -> dict[str, _Json]:
    """The headers of a response by their names in lower case, and beside them those that other responses declare."""
    others = [response for each in operations() for response in each.responses.values()]
    own = [operation.responses[str(status)]] if str(status) in operation.responses else []
    return {
        name.lower(): resolved(header)
        for response in (*others, *own)
        for name, header in resolved(response)["headers"].items()
    }


def body_problems(described: _Json, value: Any) -> list[str]:
    """Where a body is not what its description says, a request's or a response's. No value is repeated."""
    return schemas.problems(document(), described["content"]["application/json"]["schema"], value)


def header_problems(header: _Json, text: str) -> list[str]:
    """The same for the text of a header."""
    schema = resolved(header)["schema"]
    is_number = schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text)
    return schemas.problems(document(), schema, int(text) if is_number else text)
