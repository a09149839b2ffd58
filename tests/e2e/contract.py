"""openapi.yaml, as tests ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from .documented import ROOT

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract."""

    name: str
    method: str
    path: str
    described: Json
    parameters: tuple[Json, ...]

    def examples(self, status: str) -> list[Any]:
        """The bodies of all examples of the answers of one status."""
        return list(_examples(looked_up(self.described["responses"][status])).values())

    @property
    def success(self) -> str:
        """The one status of success."""
        [status] = [status for status in self.described["responses"] if status.startswith("2")]
        return str(status)

    @property
    def request_bodies(self) -> dict[str, Any]:
        """The example bodies of requests by name, none where the operation takes no body."""
        if "requestBody" not in self.described:
            return {}
        return _examples(looked_up(self.described["requestBody"]))

    @property
    def links(self) -> dict[str, Json]:
        """Where a success leads to: link objects by their names."""
        links: dict[str, Json] = looked_up(self.described["responses"][self.success]).get("links", {})
        return {name: looked_up(link) for name, link in links.items()}

    def url_path(self, **parameters: str) -> str:
        """The path with the parameters given, and the examples of the contract for the others."""
        examples = {each["name"]: each["example"] for each in self.parameters if each["in"] == "path"}
        return self.path.format_map(examples | parameters)

    @property
    def is_public(self) -> bool:
        """Whether the operation asks for no credential."""
        return not self.described["security"]


@cache
def document() -> Json:
    """The whole document."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: Json = yaml.load((ROOT / "openapi.yaml").read_text("utf-8"), loader)  # noqa: S506 - both are safe loaders
    return read


@cache
def operations() -> dict[str, Operation]:
    """Every operation by its id."""
    return {operation.name: operation for operation in _operations()}


def _operations() -> Iterator[Operation]:
    for path, item in document()["paths"].items():
        shared = item.get("parameters", [])
        for method, described in item.items():
            if method != "parameters":
                parameters = tuple(looked_up(each) for each in [*shared, *described.get("parameters", [])])
                yield Operation(described["operationId"], method.upper(), path, described, parameters)


def messages() -> set[str]:
    """Every message that an example of an error says, to people or to developers."""
    errors = [example["value"].get("error", {}) for example in document()["components"]["examples"].values()]
    return {error[key] for error in errors for key in ("message", "system_message") if key in error}


def looked_up(part: Json) -> Json:
    """A part of the document, without `$ref` at its top."""
    while "$ref" in part:
        found = document()
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def assert_valid(body: Any, operation: Operation, status: str) -> None:
    """Hold the body of an answer against its schema."""
    schema = looked_up(operation.described["responses"][status])["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry().with_resource("openapi", Resource.from_contents(document(), DRAFT4))
    OAS30Validator(_absolute(schema), registry=registry, format_checker=oas30_format_checker).validate(body)


def _absolute(schema: Json) -> Json:
    """A reference that names the document it is of."""
    return {"$ref": f"openapi{schema['$ref']}"}


def _examples(described: Json) -> dict[str, Any]:
    examples = described["content"]["application/json"]["examples"]
    return {name: looked_up(example)["value"] for name, example in examples.items()}
