"""A mock with a behaviour of its own in front of it, over ASGI."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Json = dict[str, Any]

_SANDBOX = re.compile(r"(/sandboxes/[^/]+)(/.*)")
_OPERATIONS = {
    "shareTrack": re.compile(r"POST /v1/music/[^/]+/tracks/[^/]+/share"),
    "shareCollection": re.compile(r"POST /v1/music/[^/]+/collections/[^/]+/share"),
    "resolveShare": re.compile(r"GET /v1/music/shared/[^/]+"),
    "saveSharedTrack": re.compile(r"POST /v1/music/shared/[^/]+/save"),
    "playTrack": re.compile(r"GET /media/.+"),
}


@dataclass(frozen=True)
class Call:
    """A request as a broken server gets it; `path` is the one below the sandbox."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    client: str | None

    @property
    def operation(self) -> str:
        """The operation, `control` for the control plane, or `none`."""
        if self.path.startswith("/_mock"):
            return "control"
        line = f"{self.method} {self.path}"
        return next((name for name, form in _OPERATIONS.items() if form.fullmatch(line)), "none")

    @property
    def key(self) -> str | None:
        """The value of `X-API-Key`."""
        return self.headers.get("x-api-key")

    @property
    def sent(self) -> Any:
        """The JSON in the body, or None."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def token(self) -> str:
        """The token in the path of a shared link."""
        return self.path.split("/")[4]

    def with_headers(self, **changes: str | None) -> Call:
        """The same with other headers; None takes one away, and an underscore stands for a hyphen."""
        changed = {name.replace("_", "-"): value for name, value in changes.items()}
        kept = {name: value for name, value in self.headers.items() if name not in changed}
        return replace(self, headers=kept | {name: value for name, value in changed.items() if value is not None})

    def with_body(self, body: Any) -> Call:
        """The same with another JSON body."""
        return replace(self.with_headers(content_type="application/json"), body=json.dumps(body).encode())


@dataclass
class Reply:
    """An answer that can be spoilt."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def data(self) -> Any:
        """The JSON in it, or None."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None

    def hold(self, data: Any) -> None:
        """Have another JSON body."""
        self.content = json.dumps(data).encode()


class Server:
    """What a broken server has behind it: the sound mock, one sandbox of it."""

    def __init__(self, app: ASGIApp, scope: Scope, prefix: str) -> None:
        self._app = app
        self._scope = scope
        self._prefix = prefix

    async def __call__(self, call: Call) -> Reply:
        """Let the mock answer."""
        path = self._prefix + call.path
        headers = {**call.headers, "content-length": str(len(call.body))}
        scope = {
            **self._scope,
            "method": call.method,
            "path": path,
            "raw_path": quote(path).encode(),
            "query_string": call.query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": call.client and (call.client, 50000),
            "extensions": {},
        }
        return await answer_of(self._app, scope, call.body)

    async def control(self, method: str, path: str, body: Any = None) -> Json:
        """Ask the control plane of the sandbox."""
        asked = Call(method, f"/_mock{path}", "", {"host": "127.0.0.1"}, b"", "127.0.0.1")
        data = (await self(asked if body is None else asked.with_body(body))).data
        return data or {}


Behaviour = Callable[[Call, Server], Awaitable[Reply]]
"""Answers one request, mostly with the help of the mock."""


async def answer_of(app: ASGIApp, scope: Scope, body: bytes) -> Reply:
    """What an application answers to one request."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))


class Broken:
    """An application that answers by a behaviour.

    Args:
        app: The sound mock.
        behaviour: What answers instead.
    """

    def __init__(self, app: ASGIApp, behaviour: Behaviour) -> None:
        self._app = app
        self._behaviour = behaviour

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or leave the lifespan to the mock."""
        match = _SANDBOX.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if match is None:
            await self._app(scope, receive, send)
            return
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        client = (scope.get("client") or (None,))[0]
        call = Call(scope["method"], match[2], query, headers, await _body(receive), client)
        reply = await self._behaviour(call, Server(self._app, scope, match[1]))
        reply.headers["content-length"] = str(len(reply.content))
        fields = [(name.encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": fields})
        await send({"type": "http.response.body", "body": reply.content})


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body
