"""Hold a recorded request and its answer against the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from . import operations
from .decoding import UndecodableError, decompressed
from .operations import UNROUTED, Operation
from .reading import Interaction

_JSON = "application/json"
_CREDENTIALS = ("x-api-key", "authorization")
_REFUSED_BODY = frozenset({413, 415, 422})


class Problem(NamedTuple):
    """One disagreement of the contract and an interaction.

    Attributes:
        about: What is wrong: there is no such operation, or the request, or the response.
        message: What is wrong with it. It repeats nothing that was said.
    """

    about: Literal["operation", "request", "response"]
    message: str


def problems(interaction: Interaction, *, complete: bool = False) -> list[Problem]:
    """Where the contract and an interaction disagree.

    Args:
        interaction: What was recorded.
        complete: Whether nothing was taken out of the recording, so that a credential and the documented headers have
            to be there.
    """
    operation = operations.operation_called_by(interaction.method, interaction.path)
    response = operation.responses.get(str(interaction.status))
    if response is None:
        return [_undocumented(operation, interaction)]
    name, answer = f"{operation.name} {interaction.status}", operations.resolved(response)
    asked = [*_credentials(interaction, operation, complete), *_request(interaction, operation)]
    answered = [*_headers(interaction, answer, complete), *_body(interaction, answer)]
    return [
        *(Problem("request", f"{name}: {each}") for each in asked),
        *(Problem("response", f"{name}: {each}") for each in answered),
    ]


def _undocumented(operation: Operation, interaction: Interaction) -> Problem:
    if operation.name == UNROUTED:
        return Problem("operation", f"no operation is called so, and {UNROUTED} documents no {interaction.status}")
    return Problem("response", f"{operation.name} documents no {interaction.status}")


def _credentials(interaction: Interaction, operation: Operation, complete: bool) -> Iterator[str]:
    """A public operation is sent none, and any other one, unless that is what was wrong."""
    sent = [name for name in _CREDENTIALS if name in interaction.request_headers]
    if operation.is_public and sent:
        yield f"the request carries {sent[0]} to a public operation"
    if complete and not operation.is_public and not sent and interaction.status != 401:
        yield "the request carries no credential"


def _request(interaction: Interaction, operation: Operation) -> Iterator[str]:
    """A body must be right unless it was refused, and wrong where it was refused as invalid."""
    if not interaction.request_body:
        return
    if operation.request_body is None:
        yield "the request has a body, and the operation takes none"
        return
    # A body without a media type is read as JSON.
    is_json = _media_type(interaction.request_headers) in {"", *operation.request_body["content"]}
    wrong = _content(operation.request_body, interaction.request_body, interaction.request_headers)
    if is_json == (interaction.status == 415):
        yield "the media type of the request and the answer to it disagree"
    if interaction.status == 422 and not wrong:
        yield "a valid request is refused as invalid"
    if interaction.status not in _REFUSED_BODY:
        yield from (f"request body {each}" for each in wrong)


def _headers(interaction: Interaction, response: dict[str, Any], complete: bool) -> Iterator[str]:
    """Every declared header is as declared, and there if none was taken out."""
    for name, declared in response["headers"].items():
        value = interaction.headers.get(name.lower())
        if value is not None:
            yield from (f"header {name} {each}" for each in operations.header_problems(declared, value))
        elif complete:
            yield f"the header {name} is missing"


def _body(interaction: Interaction, response: dict[str, Any]) -> Iterator[str]:
    if interaction.method == "HEAD":
        if interaction.body:
            yield "the answer to HEAD has a body"
        return
    if _media_type(interaction.headers) not in response["content"]:
        yield "the media type of the answer is not documented"
        return
    wrong = _content(response, interaction.body, interaction.headers)
    yield from (f"body {each}" for each in wrong)
    if not wrong and interaction.status >= 400:
        yield from _envelope(interaction, _parsed(interaction.body, interaction.headers)["error"])


def _envelope(interaction: Interaction, error: dict[str, Any]) -> Iterator[str]:
    """What the description of errors promises and no schema can say."""
    if error["status"] != interaction.status:
        yield "the envelope's status is not the HTTP status"
    if error["trace_id"] != interaction.headers.get("x-request-id", error["trace_id"]):
        yield "the envelope's trace_id is not the x-request-id"


def _content(described: dict[str, Any], body: bytes, headers: dict[str, str]) -> list[str]:
    try:
        value = _parsed(body, headers)
    except UndecodableError:
        return ["is not of its content-encoding"]
    except (ValueError, RecursionError):
        return ["is not JSON"]
    return operations.body_problems(described, value)


def _parsed(body: bytes, headers: dict[str, str]) -> Any:
    """The JSON of a body. Some recorders keep what was decompressed together with the header that says how."""
    try:
        return json.loads(body)
    except ValueError:
        return json.loads(decompressed(body, headers.get("content-encoding", "")))


def _media_type(headers: dict[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()
