"""The descriptions of the API and of the control plane, asked by tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml
from openapi_schema_validator import OAS30Validator, oas30_format_checker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from .fields import NOT_OF_THE_API

Json = dict[str, Any]
OPENAPI = Path(__file__).parents[3] / "openapi.yaml"
CONTROL_OPENAPI = OPENAPI.parent / "mock_server" / "aitronos_mock" / "control" / "openapi.yaml"


@dataclass
class Contract:
    """openapi.yaml, asked by tests."""

    root: Json
    registry: Registry[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.registry = Registry().with_resource("openapi", Resource.from_contents(self.root, DRAFT4))

    def look_up(self, part: Json) -> Json:
        """A part of the document, without `$ref` at its top."""
        while "$ref" in part:
            found: Any = self.root
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            part = found
        return part

    def operation(self, method: str, path: str) -> Json | None:
        """The operation that serves a request, or None."""
        for template, item in self.root["paths"].items():
            if method.lower() in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
                found: Json = item[method.lower()]
                return found
        return None

    def declared(self, operation: Json | None, status: int) -> Json:
        """What is declared for a status of an operation, or for one that no operation was reached for."""
        responses = self.root["x-unrouted-responses"] if operation is None else operation["responses"]
        assert str(status) in responses, f"undeclared status {status}"
        return self.look_up(responses[str(status)])

    def named(self, operation_id: str) -> Json | None:
        """The operation of this id, or None for `-`, which stands for no operation."""
        operations = (each for item in self.root["paths"].values() for each in item.values() if isinstance(each, dict))
        return next((each for each in operations if each.get("operationId") == operation_id), None)

    def example(self, operation_id: str, status: int, cause: str) -> Json:
        """The body of an example."""
        content = self.declared(self.named(operation_id), status)["content"]["application/json"]
        value: Json = self.look_up(content["examples"][cause])["value"]
        return value

    def assert_valid(self, schema: Json, instance: Any) -> None:
        """Hold a value against a schema of the document."""
        rooted = _absolute(schema)
        OAS30Validator(rooted, registry=self.registry, format_checker=oas30_format_checker).validate(instance)

    def assert_declares(self, operation: Json | None, response: httpx.Response) -> None:
        """The status, the body and the headers of a response are as the document declares them, and no others."""
        declared = self.declared(operation, response.status_code)
        assert "application/json" == response.headers["content-type"]
        self.assert_valid(declared["content"]["application/json"]["schema"], response.json())
        headers = {name.lower(): self.look_up(header)["schema"] for name, header in declared["headers"].items()}
        for name, value in response.headers.items():
            if name not in NOT_OF_THE_API:
                self.assert_valid(headers[name], int(value) if headers[name]["type"] == "integer" else value)
        optional = {name for name in headers if name.startswith("x-ratelimit-")}
        assert set(headers) - set(response.headers) <= optional


def _absolute(part: Any) -> Any:
    """A schema whose references name the document that they are of."""
    if isinstance(part, dict):
        return {key: f"openapi{value}" if key == "$ref" else _absolute(value) for key, value in part.items()}
    return [_absolute(each) for each in part] if isinstance(part, list) else part


def document(path: Path) -> Json:
    """The description in a file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: Json = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both are safe loaders
    return document
