"""A bare ASGI function with ready bytes: the limit of what uvicorn can serve."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Message = dict[str, Any]

_ANSWERS = json.loads(Path("answers.json").read_bytes())
_VIEW = json.dumps(_ANSWERS["view"]).encode()
_LINK = json.dumps(_ANSWERS["link"]).encode()


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer a GET with the view of a link and a POST with a new link, once its body is read."""
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    status, body = (200, _VIEW) if scope["method"] == "GET" else (201, _LINK)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
