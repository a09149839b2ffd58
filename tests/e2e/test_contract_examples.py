"""What openapi.yaml shows as an example works as it is, over a real socket."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .commands import API_KEY
from .contract import Operation, assert_valid, operations

REQUESTS = [
    pytest.param(operation, body, id=f"{operation.name}-{name}")
    for operation in operations().values()
    for name, body in [*operation.request_bodies.items(), ("no_body", None)]
]


def send(mock_url: str, operation: Operation, body: Any = None, **parameters: str) -> Any:
    """Send a request as the contract describes it, and give the body of its documented success."""
    headers = {} if operation.is_public else {"X-API-Key": API_KEY}
    content = {} if body is None else {"json": body}
    url = mock_url + operation.url_path(**parameters)
    answer = httpx.request(operation.method, url, headers=headers, trust_env=False, **content)
    assert operation.success == str(answer.status_code), answer.text
    assert_valid(answer.json(), operation, operation.success)
    return answer.json()


@pytest.mark.parametrize(("operation", "body"), REQUESTS)
def test_an_example_request_gives_the_documented_success(operation: Operation, body: Any, mock_url: str) -> None:
    """Examples of parameters and bodies succeed, with an answer of the documented schema that honours the body."""
    answer = send(mock_url, operation, body)
    honoured = {field: value for field, value in (body or {}).items() if field in answer}
    assert honoured == {field: answer[field] for field in honoured}


def test_there_are_examples_of_bodies() -> None:
    """The shares show bodies and the other two have none, so that the test above is about something."""
    shown = {name: set(operation.request_bodies) for name, operation in operations().items()}
    bodies = {"expiring", "public"}
    assert shown == {"shareTrack": bodies, "shareCollection": bodies, "resolveShare": set(), "saveSharedTrack": set()}


LINKS = [
    pytest.param(operation, link, id=f"{operation.name}-{name}")
    for operation in operations().values()
    for name, link in operation.links.items()
]


@pytest.mark.parametrize(("operation", "link"), LINKS)
def test_a_link_of_the_contract_can_be_walked(operation: Operation, link: dict[str, Any], mock_url: str) -> None:
    """A success leads to the operations that its links name, by the fields that they name."""
    answer = send(mock_url, operation)
    parameters = {name: answer[field.removeprefix("$response.body#/")] for name, field in link["parameters"].items()}
    send(mock_url, operations()[link["operationId"]], **parameters)


def test_there_are_links() -> None:
    """A share of a track leads to opening and saving it, one of a collection to opening it."""
    shown = {name: set(operation.links) for name, operation in operations().items() if operation.links}
    assert shown == {
        "shareTrack": {"resolve", "save"},
        "shareCollection": {"resolve"},
    }
