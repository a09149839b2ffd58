"""What the packaged contract says of answers: their schemas, and the errors in its examples."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator

from .. import contract

Json = dict[str, Any]
ANY = "any"
"""Stands for the operation of answers that belong to none."""


class Operation(NamedTuple):
    """Where an operation is."""

    method: str
    path: str
    described: Json


class Violation(NamedTuple):
    """How a body is not what its schema describes.

    Attributes:
        demanded: What the schema says at that place.
        found: What stands there.
    """

    demanded: str
    found: Any


@cache
def _document() -> Json:
    return contract.load()


@cache
def operations() -> dict[str, Operation]:
    """Every operation by its id."""
    return {each.described["operationId"]: each for each in _operations()}


def _operations() -> Iterator[Operation]:
    for path, item in _document()["paths"].items():
        for method, described in item.items():
            if method != "parameters":
                yield Operation(method.upper(), path, described)


def error(operation_id: str, status: int, cause: str) -> Json:
    """The `error` of an example."""
    examples = _content(operation_id, status)["examples"]
    found: Json = _resolved(examples[cause])["value"]["error"]
    return found


def violation(operation_id: str, status: int, body: Any) -> Violation | None:
    """How a body is not what an answer of this status may be, or None where it is."""
    found = best_match(_validator(operation_id, status).iter_errors(body))
    if found is None:
        return None
    return Violation(f"{found.json_path}: {found.validator} {found.validator_value}", found.instance)


def _content(operation_id: str, status: int) -> Json:
    unrouted = _document()["x-unrouted-responses"]
    responses = unrouted if operation_id == ANY else operations()[operation_id].described["responses"]
    content: Json = _resolved(responses[str(status)])["content"]["application/json"]
    return content


@cache
def _validator(operation_id: str, status: int) -> Validator:
    return Draft202012Validator(_schema(_content(operation_id, status)["schema"]))


def _schema(node: Any) -> Any:
    """A schema of OpenAPI 3.0 in the words of JSON Schema: references resolved, `nullable` spelt out."""
    if isinstance(node, list):
        return [_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    translated = {name: _schema(each) for name, each in _resolved(node).items() if name != "nullable"}
    return {"anyOf": [translated, {"type": "null"}]} if node.get("nullable") else translated


def _resolved(node: Json) -> Json:
    """A part of the contract, or what its reference leads to."""
    while "$ref" in node:
        target: Any = _document()
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node
