"""Hold a recorded request and its answer against openapi.yaml."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from . import contract
from .contract import Operation
from .tape import Interaction

_JSON = "application/json"
_CREDENTIALS = ("x-api-key", "authorization")
_REFUSED_BODY = frozenset({413, 415, 422})


def problems(interaction: Interaction) -> list[str]:
    """Where the contract and an interaction disagree."""
    operation = contract.operation_called_by(interaction.method, interaction.path)
    response = operation.responses.get(str(interaction.status))
    if response is None:
        return [f"{operation.name} documents no {interaction.status}"]
    found = [*_credentials(interaction, operation), *_request(interaction, operation)]
    found += [*_headers(interaction, contract.resolved(response)), *_body(interaction, contract.resolved(response))]
    return [f"{operation.name} {interaction.status}: {each}" for each in found]


def _credentials(interaction: Interaction, operation: Operation) -> Iterator[str]:
    """A public operation is sent none, and any other one, unless that is what was wrong."""
    sent = [name for name in _CREDENTIALS if name in interaction.request_headers]
    if operation.is_public and sent:
        yield f"the request carries {sent[0]} to a public operation"
    if not operation.is_public and not sent and interaction.status != 401:
        yield "the request carries no credential"


def _request(interaction: Interaction, operation: Operation) -> Iterator[str]:
    """A body must be right unless it was refused, and wrong where it was refused as invalid."""
    if not interaction.request_body:
        return
    if operation.request_body is None:
        yield "the request has a body, and the operation takes none"
        return
    is_json = _media_type(interaction.request_headers) in operation.request_body["content"]
    wrong = _body_problems(operation.request_body, interaction.request_body)
    if is_json == (interaction.status == 415):
        yield "the media type of the request and the answer to it disagree"
    if interaction.status == 422 and not wrong:
        yield "a valid request is refused as invalid"
    if interaction.status not in _REFUSED_BODY:
        yield from (f"request body {each}" for each in wrong)


def _headers(interaction: Interaction, response: dict[str, Any]) -> Iterator[str]:
    """Every declared header is there and as declared."""
    for name, declared in response["headers"].items():
        value = interaction.headers.get(name.lower())
        if value is None:
            yield f"the header {name} is missing"
        else:
            wrong = contract.header_problems(contract.resolved(declared)["schema"], value)
            yield from (f"header {name} {each}" for each in wrong)


def _body(interaction: Interaction, response: dict[str, Any]) -> Iterator[str]:
    if _media_type(interaction.headers) not in response["content"]:
        yield f"the media type {interaction.headers.get('content-type')} is not documented"
        return
    wrong = _body_problems(response, interaction.body)
    yield from (f"body {each}" for each in wrong)
    if not wrong and interaction.status >= 400:
        yield from _envelope(interaction, json.loads(interaction.body)["error"])


def _envelope(interaction: Interaction, error: dict[str, Any]) -> Iterator[str]:
    """What the description of errors promises and no schema can say."""
    if error["status"] != interaction.status:
        yield "the envelope's status is not the HTTP status"
    if error["trace_id"] != interaction.headers.get("x-request-id"):
        yield "the envelope's trace_id is not the x-request-id"


def _body_problems(described: dict[str, Any], body: bytes) -> list[str]:
    try:
        value = json.loads(body)
    except ValueError:
        return ["is not JSON"]
    return contract.schema_problems(described["content"][_JSON]["schema"], value)


def _media_type(headers: dict[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
