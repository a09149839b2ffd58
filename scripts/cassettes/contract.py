"""openapi.yaml, as the recorder and the checks ask it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import FormatChecker
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from .scenarios import Cause

FILE = Path(__file__).parents[2] / "openapi.yaml"
UNROUTED = "unrouted"
_Json = dict[str, Any]


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
        """The values of the path's parameters by their names."""
        match = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template), path)
        return match.groupdict() if match else {}

    def is_called_by(self, method: str, path: str) -> bool:
        """Whether a request with this method and path is one of this operation."""
        return method == self.method and bool(self.path_parameters(path))


@cache
def document() -> _Json:
    """The whole contract. Treat it as read-only."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: _Json = yaml.load(FILE.read_text("utf-8"), loader)  # noqa: S506 - both are safe loaders
    return read


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


def schema_problems(schema: _Json, value: Any) -> list[str]:
    """Where a value is not what a schema of the contract describes."""
    errors = OAS30Validator(_absolute(schema), registry=_registry(), format_checker=_formats()).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in errors]


def header_problems(schema: _Json, text: str) -> list[str]:
    """The same for the text of a header."""
    is_number = schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text)
    return schema_problems(schema, int(text) if is_number else text)


@cache
def _registry() -> Registry[Any]:
    registry: Registry[Any] = Registry().with_resource("contract", Resource.from_contents(document(), DRAFT4))
    return registry


@cache
def _formats() -> FormatChecker:
    """Every format that the contract uses; of the library's own checks, the one of `uri` needs another package."""
    formats = FormatChecker()
    formats.checkers = {**oas30_format_checker.checkers, "uri": (_is_url, ValueError)}
    return formats


def _is_url(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"https?://[^\s/]+(/\S*)?", value) is not None


def _absolute(schema: _Json) -> _Json:
    return {"$ref": f"contract{schema['$ref']}"} if "$ref" in schema else schema
