"""openapi.yaml is valid, complete and consistent with itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS30Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT4

CONTRACT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "openapi.yaml").read_text("utf-8"))
OPERATIONS: dict[str, dict[str, Any]] = {
    operation["operationId"]: {**operation, "path": path, "method": method, "parameters": item["parameters"]}
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}
REGISTRY: Registry[Any] = Registry().with_resource("contract", DRAFT4.create_resource(CONTRACT))


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node, or what its reference leads to."""
    while "$ref" in node:
        target: Any = CONTRACT
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def responses() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every response of every operation, and those that belong to none."""
    for name, operation in OPERATIONS.items():
        for status, response in operation["responses"].items():
            yield name, int(status), resolved(response)
    for status, response in CONTRACT["x-unrouted-responses"].items():
        yield "unrouted", int(status), response


def examples() -> Iterator[Any]:
    """Every example of a response, with the schema that it has to meet."""
    for name, status, response in responses():
        media = response["content"]["application/json"]
        for cause, example in media["examples"].items():
            yield pytest.param(media["schema"], status, resolved(example)["value"], id=f"{name}-{status}-{cause}")


def decisions(node: Any, at: str = "#") -> Iterator[tuple[str, Any]]:
    """Every mark of a decision, with the place where it stands."""
    if isinstance(node, dict):
        if "x-decided" in node:
            yield at, node["x-decided"]
        for key, value in node.items():
            yield from decisions(value, f"{at}/{key}")


def test_it_is_valid_openapi() -> None:
    """The contract is valid OpenAPI 3.0.3 for openapi-spec-validator."""
    validate(CONTRACT)
    assert CONTRACT["openapi"] == "3.0.3"


def test_it_has_the_four_operations() -> None:
    """The documented endpoints are there under the names that everything generated uses, with one tag."""
    assert {name: (operation["method"], operation["path"]) for name, operation in OPERATIONS.items()} == {
        "shareTrack": ("post", "/v1/music/{organization_id}/tracks/{track_id}/share"),
        "shareCollection": ("post", "/v1/music/{organization_id}/collections/{collection_id}/share"),
        "resolveShare": ("get", "/v1/music/shared/{token}"),
        "saveSharedTrack": ("post", "/v1/music/shared/{token}/save"),
    }
    assert {tag for operation in OPERATIONS.values() for tag in operation["tags"]} == {"music"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_who_may_call_it(name: str) -> None:
    """A key or a bearer credential everywhere, and nothing at all on the public resolve."""
    either: list[dict[str, list[str]]] = [{"ApiKey": []}, {"Bearer": []}]
    assert OPERATIONS[name]["security"] == ([] if name == "resolveShare" else either)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_parameter_is_an_unconstrained_string_in_the_path(name: str) -> None:
    """An id of any shape reaches the rules, which answer 404; the mock relies on routing alone to check parameters."""
    parameters = [resolved(parameter) for parameter in OPERATIONS[name]["parameters"]]
    assert {(each["in"], each["required"], str(each["schema"])) for each in parameters} == {
        ("path", True, "{'type': 'string'}")
    }
    assert "parameters" not in CONTRACT["paths"][OPERATIONS[name]["path"]][OPERATIONS[name]["method"]]


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("shareTrack", {201, 401, 403, 404, 413, 415, 422, 500}),
        ("shareCollection", {201, 401, 403, 404, 413, 415, 422, 500}),
        ("resolveShare", {200, 404, 429, 500}),
        ("saveSharedTrack", {201, 401, 404, 500}),
        ("unrouted", {400, 404, 405}),
    ],
)
def test_every_status_that_can_come_is_declared(name: str, statuses: set[int]) -> None:
    """What an operation can answer is in the contract, and nothing that it cannot."""
    assert {status for operation, status, _ in responses() if operation == name} == statuses


@pytest.mark.parametrize(("schema", "status", "value"), list(examples()))
def test_every_example_meets_its_schema(schema: dict[str, Any], status: int, value: dict[str, Any]) -> None:
    """An example is what it is an example of; an error's is the envelope, with the status of its response."""
    validator = OAS30Validator({"$ref": f"contract{schema['$ref']}"}, registry=REGISTRY)
    assert [error.message for error in validator.iter_errors(value)] == []
    if status >= 400:
        assert schema == {"$ref": "#/components/schemas/ErrorEnvelope"}
        assert value["error"]["status"] == status


@pytest.mark.parametrize(
    ("name", "status", "response"), [pytest.param(*each, id=f"{each[0]}-{each[1]}") for each in responses()]
)
def test_every_response_declares_its_headers(name: str, status: int, response: dict[str, Any]) -> None:
    """The headers of every answer are declared, and those that come with a status or an operation."""
    wanted = {"x-request-id", "freddy-processing-ms", "freddy-api-version"}
    wanted |= {401: {"WWW-Authenticate"}, 405: {"Allow"}, 429: {"Retry-After"}}.get(status, set())
    if name == "resolveShare" and status != 500:
        wanted |= {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert set(response["headers"]) == wanted


def test_a_share_links_to_what_can_follow() -> None:
    """From a track's 201 a tool can walk to resolve and save, from a collection's to resolve."""
    walks = {
        name: {resolved(link)["operationId"] for link in OPERATIONS[name]["responses"]["201"]["links"].values()}
        for name in ("shareTrack", "shareCollection")
    }
    assert walks == {"shareTrack": {"resolveShare", "saveSharedTrack"}, "shareCollection": {"resolveShare"}}


def test_every_decision_has_a_reason() -> None:
    """A mark says what was decided in a sentence, so that a list of them can be read."""
    marks = dict(decisions(CONTRACT))
    assert len(marks) > 20
    assert [at for at, reason in marks.items() if not isinstance(reason, str) or not reason.endswith(".")] == []


def test_no_default_is_sent_unasked() -> None:
    """No request schema has a `default`, which the generated client would put into every body."""
    schema = CONTRACT["components"]["schemas"]["ShareRequest"]
    assert [name for name, property_ in schema["properties"].items() if "default" in property_] == []
