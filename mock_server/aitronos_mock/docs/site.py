"""The pages of Swagger UI, from what is installed: nothing is loaded from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from html import escape
from importlib import resources
from string import Template
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from .. import contract
from ..answers import Streamed
from ..exchange import Exchange
from ..guards.control import ControlAccess

Page = Callable[[Exchange], Streamed]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SWAGGER_UI = resources.files("swagger_ui_bundle").joinpath("vendor", "swagger-ui-4.15.5")
_OWN = resources.files("aitronos_mock.docs")
_SCRIPT, _STYLE, _ICON = "text/javascript; charset=utf-8", "text/css; charset=utf-8", "image/png"


class _Description(NamedTuple):
    """An OpenAPI document, where it is served, and what it describes.

    Attributes:
        title: What Swagger UI calls it.
        path: Where it is served.
        source: Its path in this package.
        prefix: Where the operations are, below the base URL.
    """

    title: str
    path: str
    source: str
    prefix: str


_API = _Description("API", "/openapi.json", "openapi.yaml", "")
_PLAYBACK = _Description("Playback", "/docs/playback.json", "media/openapi.yaml", "/media")
_CONTROL = _Description("Control plane", "/docs/control.json", "control/openapi.yaml", "/_mock")


class Docs:
    """Serves `/docs` and `/openapi.json`, and passes everything else on.

    Args:
        app: Answers everything else.
        control: Who may use the control plane; None where there is none.
    """

    def __init__(self, app: ASGIApp, control: ControlAccess | None) -> None:
        self._app = app
        has_control = control is not None and not control.is_off
        self._demands_token = control is not None and control.token is not None
        self._descriptions = [_API, _PLAYBACK, *([_CONTROL] if has_control else [])]
        self._pages = self._all_pages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or have it answered."""
        page = self._pages.get(scope["path"]) if scope["type"] == "http" else None
        if page is None:
            await self._app(scope, receive, send)
            return
        exchange = Exchange.of(scope)
        exchange.is_recorded = False
        if exchange.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await page(exchange)(send)

    def _all_pages(self) -> Mapping[str, Page]:
        return {
            "/docs": self._index,
            "/docs/start.js": partial(_file, _OWN, "start.js", _SCRIPT),
            "/docs/index.css": partial(_file, _SWAGGER_UI, "index.css", _STYLE),
            "/docs/swagger-ui.css": partial(_file, _SWAGGER_UI, "swagger-ui.css", _STYLE),
            "/docs/swagger-ui-bundle.js": partial(_file, _SWAGGER_UI, "swagger-ui-bundle.js", _SCRIPT),
            "/docs/swagger-ui-standalone-preset.js": partial(
                _file, _SWAGGER_UI, "swagger-ui-standalone-preset.js", _SCRIPT
            ),
            "/docs/favicon-32x32.png": partial(_file, _SWAGGER_UI, "favicon-32x32.png", _ICON),
            **{each.path: partial(self._description, each) for each in self._descriptions},
        }

    def _index(self, exchange: Exchange) -> Streamed:
        # Relative, so that the page of a sandbox shows that sandbox.
        named = [{"name": each.title, "url": each.path.removeprefix("/")} for each in self._descriptions]
        page = Template(_OWN.joinpath("page.html").read_text("utf-8"))
        return _text(page.substitute(descriptions=escape(json.dumps(named))), "text/html; charset=utf-8")

    def _description(self, described: _Description, exchange: Exchange) -> Streamed:
        document = {**_load(described.source), "servers": [{"url": exchange.base_url + described.prefix}]}
        if described is _CONTROL and self._demands_token:
            document = _with_token(document)
        return _text(json.dumps(document), "application/json")


@cache
def _load(source: str) -> dict[str, Any]:
    return contract.load(source)


def _with_token(document: dict[str, Any]) -> dict[str, Any]:
    """The description of a control plane that demands its token."""
    scheme = {"type": "http", "scheme": "bearer", "description": "What the mock was started with."}
    components = {**document["components"], "securitySchemes": {"ControlToken": scheme}}
    return {**document, "components": components, "security": [{"ControlToken": []}]}


def _file(folder: Any, name: str, content_type: str, exchange: Exchange) -> Streamed:
    return _answer(folder.joinpath(name).read_bytes(), content_type)


def _text(text: str, content_type: str) -> Streamed:
    return _answer(text.encode(), content_type)


def _answer(body: bytes, content_type: str) -> Streamed:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-cache"),
        (b"content-security-policy", _POLICY.encode()),
    ]
    return Streamed(200, headers, [body])
