"""Ways to spoil a real answer while it is sent, whether it is a success or an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.types import Message, Send

from ..refusals import ClientGone

BYTE_PAUSE_SECONDS = 0.01
"""How long a slow body waits after each byte: an error takes 3 seconds or more, longer than a test's short timeout."""

_LENGTH = b"content-length"


class Truncated:
    """Sends half of the body, and announces no more than that: HTTP is right, what it carries is not."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._left = 0

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self._left = _length(message) // 2
            message["headers"] = [
                (name, str(self._left).encode() if name == _LENGTH else value) for name, value in message["headers"]
            ]
        else:
            message["body"] = message["body"][: self._left]
            self._left -= len(message["body"])
        await self._send(message)


class Broken:
    """Announces the whole body, sends half of it, or nothing after HEAD, and closes the connection."""

    def __init__(self, send: Send, hang_up: Callable[[], None]) -> None:
        self._send = send
        self._hang_up = hang_up
        self._left = 0

    async def __call__(self, message: Message) -> None:
        """Pass a message on, up to the middle of the body.

        Raises:
            ClientGone: The middle is reached.
        """
        if message["type"] == "http.response.start":
            self._left = _length(message) // 2
            await self._send(message)
            return
        body = message["body"][: self._left]
        self._left -= len(body)
        await self._send({**message, "body": body, "more_body": True})
        if not (self._left and message.get("more_body")):
            self._hang_up()
            raise ClientGone


class NoJson:
    """Puts `<` in the place of the first byte, as if the body were a page of a server in between."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._spoilt = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if not self._spoilt and message.get("body"):
            self._spoilt = True
            message["body"] = b"<" + message["body"][1:]
        await self._send(message)


class Slow:
    """Sends one byte after the other, with a pause after each."""

    def __init__(self, send: Send, pause: Callable[[float], Awaitable[None]]) -> None:
        self._send = send
        self._pause = pause

    async def __call__(self, message: Message) -> None:
        """Pass a message on, byte by byte.

        Raises:
            ClientGone: The client does not wait for the rest.
        """
        for byte in message.get("body", b""):
            await self._send({"type": message["type"], "body": bytes([byte]), "more_body": True})
            await self._pause(BYTE_PAUSE_SECONDS)
        await self._send({**message, "body": b""} if "body" in message else message)


def _length(start: Message) -> int:
    """What an answer announces; one without a body has nothing to announce."""
    return int(next((value for name, value in start["headers"] if name == _LENGTH), b"0"))
