"""The HTTP parser, for which an offer to upgrade is a header like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httptools

Headers = list[tuple[bytes, bytes]]


class NoUpgradeParser:
    """httptools' request parser, which by itself ends at an offer to upgrade and drops the body of the request.

    HTTP lets a server ignore the offer, and clients that speak HTTP/2 make it with every first request. So where
    httptools stops, the head is parsed once more without the offer.

    Args:
        protocol: Gets the callbacks of httptools, those of the head's end and the message's end for each request once,
            and `on_unreadable` with the failure and the bytes before the parser raises it.
        head: Gives the target and the header of the request that is being parsed.
    """

    def __init__(self, protocol: Any, head: Callable[[], tuple[bytes, Headers]]) -> None:
        self._protocol = protocol
        self._head = head
        self._parser = self._new()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)

    def offered(self) -> bool:
        """Whether the head that just ended offers an upgrade, and will be parsed once more."""
        # CONNECT is no offer, and there is nothing to fall back to.
        return bool(self._parser.should_upgrade() and self._parser.get_method() != b"CONNECT")

    def feed_data(self, data: bytes) -> None:
        """Parse the next bytes of the connection.

        Raises:
            httptools.HttpParserError: They are no HTTP.
            httptools.HttpParserUpgrade: They were a CONNECT.
        """
        while True:
            try:
                self._parser.feed_data(data)
                return
            except httptools.HttpParserError as error:
                self._protocol.on_unreadable(error, data)
                raise
            except httptools.HttpParserUpgrade as upgrade:
                if not self.offered():
                    raise
                data = self._head_without_offer() + data[upgrade.args[0] :]
                self._parser = self._new()

    def _new(self) -> Any:
        parser = httptools.HttpRequestParser(self._protocol)
        # As uvicorn sets it, to answer the first of several requests where the client closes.
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def _head_without_offer(self) -> bytes:
        target, headers = self._head()
        version = self._parser.get_http_version().encode()
        first = b"%s %s HTTP/%s" % (self._parser.get_method(), target, version)
        kept = (b"%s: %s" % header for header in headers if header[0] != b"upgrade")
        return b"\r\n".join([first, *kept, b"", b""])
