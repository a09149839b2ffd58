"""Swagger UI and the descriptions that it shows."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from aitronos_mock.app import create_app
from aitronos_mock.guards.door import Door, door_for
from aitronos_mock.guards.options import GuardOptions
from aitronos_mock.mock import Mock

from .whole import CurrentSandboxes, Whole

ROOT = "http://mock.test"
ASSETS = ["start.js", "index.css", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"]


def _listed(page: httpx.Response) -> dict[str, str]:
    found = re.search('data-descriptions="([^"]*)"', page.text)
    assert found
    return {each["name"]: each["url"] for each in json.loads(html.unescape(found[1]))}


@pytest.fixture
def guarded(whole: Whole, contract: Any, control_contract: Any) -> Callable[[Door], Whole]:
    """The whole mock behind other guards."""

    def build(door: Door) -> Whole:
        current = CurrentSandboxes()
        current.sandboxes = whole.sandboxes
        app = create_app(whole.sandboxes.default.mock, whole.sandboxes, door)
        return Whole(whole.sandboxes, app, contract, control_contract)

    return build


def test_the_page_loads_from_here_alone(whole: Whole) -> None:
    """Everything that it names is served, relative to it, and it may load nothing from elsewhere."""
    page = whole.ask("GET", "/docs")
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert (200, "text/html; charset=utf-8") == (page.status_code, page.headers["content-type"])
    assert {f"docs/{name}" for name in [*ASSETS, "favicon-32x32.png"]} == set(named)
    assert [200] * len(named) == [whole.ask("GET", f"/{name}").status_code for name in named]
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert [] == re.findall(r"unsafe|https?:|\*", policy)


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("start.js", "text/javascript; charset=utf-8"), ("swagger-ui.css", "text/css; charset=utf-8")],
)
def test_files_say_what_they_are(whole: Whole, name: str, content_type: str) -> None:
    """A browser that is told not to guess needs the right media type."""
    file = whole.ask("GET", f"/docs/{name}")

    assert (content_type, "nosniff") == (file.headers["content-type"], file.headers["x-content-type-options"])
    assert str(len(file.content)) == file.headers["content-length"]


@pytest.mark.parametrize("in_sandbox", [False, True])
def test_the_page_shows_all_descriptions_of_its_sandbox(whole: Whole, in_sandbox: bool) -> None:
    """Each is valid OpenAPI, and calls the server and the sandbox that the page came from."""
    base = f"/sandboxes/{whole.create()}" if in_sandbox else ""
    listed = _listed(whole.ask("GET", f"{base}/docs"))
    documents = {name: whole.ask("GET", f"{base}/{url}").json() for name, url in listed.items()}

    for document in documents.values():
        validate(document)
    assert {"API": "", "Playback": "/media", "Control plane": "/_mock"} == {
        name: document["servers"][0]["url"].removeprefix(f"{ROOT}{base}") for name, document in documents.items()
    }
    assert "openapi.json" == listed["API"]


def test_what_is_described_can_be_called(whole: Whole) -> None:
    """An operation of each description is where its servers and paths say."""
    called = {}
    for name, url in _listed(whole.ask("GET", "/docs")).items():
        document = whole.ask("GET", f"/{url}").json()
        path = next(path for path, item in document["paths"].items() if "get" in item)
        called[name] = whole.ask("GET", document["servers"][0]["url"] + path).json().get("error", {}).get("code")

    assert {"API": "RESOURCE_NOT_FOUND", "Playback": "PLAYBACK_URL_INVALID", "Control plane": None} == called


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/docs/swagger-ui.css"])
def test_head_has_no_body(whole: Whole, path: str) -> None:
    """It has the header of GET, and nothing after."""
    headed, got = (whole.ask(method, path) for method in ("HEAD", "GET"))

    assert (200, b"") == (headed.status_code, headed.content)
    assert got.headers["content-length"] == headed.headers["content-length"]


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
def test_nothing_else_can_be_done(whole: Whole, method: str) -> None:
    """Other methods are refused with the envelope and the methods that there are."""
    refused = whole.ask(method, "/docs")

    assert (405, "GET, HEAD") == (refused.status_code, refused.headers["allow"])
    assert "METHOD_NOT_ALLOWED" == refused.json()["error"]["code"]


@pytest.mark.parametrize("path", ["/docs/", "/docs/index.html", "/docs/../cli.py", "/docs/%2e%2e/cli.py", "/ui"])
def test_only_its_own_files_are_served(whole: Whole, path: str) -> None:
    """Anything else is an unknown endpoint."""
    assert "ENDPOINT_NOT_FOUND" == whole.ask("GET", path).json()["error"]["code"]


def test_the_journal_is_for_the_api(whole: Whole) -> None:
    """Looking at the documentation is no call of the API."""
    for path in ("/docs", "/openapi.json", "/docs/start.js"):
        whole.ask("GET", path)

    assert [] == whole.items("/requests")


def test_one_mock_alone_has_no_control_plane_to_show(mock: Mock, whole: Whole, contract: Any) -> None:
    """What is not served is not described."""
    alone = Whole(whole.sandboxes, create_app(mock), contract, None)

    assert ["API", "Playback"] == list(_listed(alone.ask("GET", "/docs")))
    assert 404 == alone.ask("GET", "/docs/control.json").status_code


def test_a_control_plane_that_is_off_is_not_shown(guarded: Callable[[Door], Whole]) -> None:
    """The same where nobody gave it a token."""
    door = door_for(GuardOptions(allowed_hosts=("mock.test",)), "192.0.2.1")

    assert ["API", "Playback"] == list(_listed(guarded(door).ask("GET", "/docs")))


def test_a_token_can_be_entered(guarded: Callable[[Door], Whole]) -> None:
    """Where the control plane demands its token, its description says how, and stays open itself."""
    door = door_for(GuardOptions(allowed_hosts=("mock.test",), control_token="S3cret"), "127.0.0.1")
    document = guarded(door).ask("GET", "/docs/control.json").json()

    validate(document)
    (name,) = document["components"]["securitySchemes"]
    assert [{name: []}] == document["security"]
    assert "S3cret" not in json.dumps(document)
