"""A whole mock with its sandboxes and its control plane, over ASGI, every answer held against its description."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import httpx
from starlette.types import ASGIApp

from aitronos_mock.app import create_app
from aitronos_mock.mock import Mock
from aitronos_mock.sandboxes import Sandboxes

Json = dict[str, Any]

OWNER, MEMBER, RECIPIENT = "your-api-key", "member-api-key", "recipient-api-key"
ORGANIZATION, TRACK, COLLECTION = "org_abc123", "mtrack_b4d9e1c6a72f", "mcoll_5e8a1d3f9c27"
SHARE_TRACK = f"/v1/music/{ORGANIZATION}/tracks/{TRACK}/share"
SHARE_COLLECTION = f"/v1/music/{ORGANIZATION}/collections/{COLLECTION}/share"
# The documented links, which the seed `docs` has from the start.
LINK, TOKEN = "mslink_3a7f2c9e8b14", "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
RESOLVE = f"/v1/music/shared/{TOKEN}"
COLLECTION_LINK = "/v1/music/shared/shr_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d"
ADDRESS = "203.0.113.7"
# A world of one track and one link.
SMALL: Json = {
    "organizations": [{"id": "org_mine"}],
    "users": [{"id": "user_me", "api_keys": ["my-key"], "organizations": ["org_mine"]}],
    "tracks": [
        {
            "id": "mtrack_000000000001",
            "organization": "org_mine",
            "owner": "user_me",
            "licence": {"licence_class": "unclear", "licence_version": "2026-01", "requires_attribution": False},
        }
    ],
    "share_links": [
        {
            "id": "mslink_000000000001",
            "token": "shr_000000000000000000000000000000aa",
            "track": "mtrack_000000000001",
            "created_at": "-1h",
            "expires_at": "+1h",
        }
    ],
}
SMALL_LINK = "/v1/music/shared/shr_000000000000000000000000000000aa"
SMALL_SHARE = "/v1/music/org_mine/tracks/mtrack_000000000001/share"


class CurrentSandboxes:
    """Stands in for the sandboxes of the test that runs, so that the application is built once for all tests."""

    sandboxes: Sandboxes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sandboxes, name)


def application() -> tuple[CurrentSandboxes, ASGIApp]:
    """The application, and what decides over which sandboxes it works."""
    current = CurrentSandboxes()
    # With sandboxes, the mock is that of the default one.
    return current, create_app(cast(Mock, None), cast(Sandboxes, current))


class Whole:
    """A client of one server, with all that a test needs to know about it.

    Args:
        sandboxes: Those of the server.
        app: The application, working over them.
        api: openapi.yaml, which the answers of the API are held against.
        control: control/openapi.yaml, for those of the control plane.
        run: Runs a request to its end, where the database of the sandboxes was opened.

    Attributes:
        sandboxes: Those of the server.
    """

    def __init__(
        self, sandboxes: Sandboxes, app: ASGIApp, api: Any, control: Any, run: Callable[..., Any] = asyncio.run
    ) -> None:
        self.sandboxes = sandboxes
        self._app = app
        self._api = api
        self._control = control
        self._run = run

    def ask(self, method: str, path: str, key: str | None = None, **request: Any) -> httpx.Response:
        """Call anything, by path or by URL, and hold the answer against no description.

        Args:
            method: Of HTTP.
            path: A path, or a URL of the server.
            key: An API key.
            request: What httpx takes, and `address`, where the client is.
        """
        transport = httpx.ASGITransport(self._app, client=(request.pop("address", ADDRESS), 50000))
        headers = httpx.Headers(request.pop("headers", None))
        if key is not None:
            headers["X-API-Key"] = key

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url="http://mock.test") as client:
                return await client.request(method, path, headers=headers, **request)

        return cast(httpx.Response, self._run(send()))

    def call(
        self, method: str, path: str, key: str | None = None, sandbox: str | None = None, **request: Any
    ) -> httpx.Response:
        """Call the API of a sandbox; the answer must be one that openapi.yaml declares."""
        response = self.ask(method, _base(sandbox) + path, key, **request)
        declared = self._api.declared(self._api.operation(method, path.partition("?")[0]), response.status_code)
        self._api.assert_valid(declared["content"]["application/json"]["schema"], response.json())
        return response

    def control(self, method: str, path: str, sandbox: str | None = None, **request: Any) -> httpx.Response:
        """Call the control plane of a sandbox; the answer must be one that control/openapi.yaml declares."""
        response = self.ask(method, f"{_base(sandbox)}/_mock{path}", **request)
        operation = self._control.operation(method, path.partition("?")[0])
        declared = operation["responses"]
        if str(response.status_code) not in declared:
            assert response.status_code >= 400, f"undeclared status {response.status_code}"
        content = self._control.look_up(declared.get(str(response.status_code), declared["default"])).get("content")
        if content is None:
            assert b"" == response.content
        else:
            assert "application/json" == response.headers["content-type"]
            self._control.assert_valid(content["application/json"]["schema"], response.json())
        return response

    def create(self, **plan: Any) -> str:
        """Make a sandbox; its name."""
        made = self.control("POST", "/sandboxes", json=plan)
        assert 201 == made.status_code, made.text
        return str(made.json()["name"])

    def items(self, path: str, sandbox: str | None = None) -> list[Json]:
        """What a list of the control plane has."""
        return cast(list[Json], self.control("GET", path, sandbox).json()["items"])


def _base(sandbox: str | None) -> str:
    return "" if sandbox is None else f"/sandboxes/{sandbox}"


def refusal_of(response: httpx.Response) -> tuple[int, str, str]:
    """Status, code and system message of an envelope, which has to be whole."""
    error = response.json()["error"]
    assert response.headers["x-request-id"] == error["trace_id"]
    assert response.status_code == error["status"]
    return response.status_code, error["code"], error["system_message"]
