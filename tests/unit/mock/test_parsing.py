"""The HTTP parser, for which an offer to upgrade is a header like any other."""

from __future__ import annotations

import httptools
import pytest

from aitronos_mock.parsing import Headers, NoUpgradeParser

OFFER = (
    b"POST /one?a=b HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n"
    b"Content-Length: 4\r\n\r\nbody"
)
CHUNKED = (
    b"PUT /two HTTP/1.1\r\nUpgrade: h2c\r\nConnection: upgrade\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhi\r\n0\r\n\r\n"
)
PLAIN = b"GET /three HTTP/1.1\r\nUpgrade: h2c\r\n\r\n"


class Requests:
    """What a parser told, one request after the other."""

    def __init__(self) -> None:
        self.parser = NoUpgradeParser(self, lambda: (self.url, self.headers))
        self.url = b""
        self.headers: Headers = []
        self.body = b""
        self.seen: list[tuple[bytes, bytes, bytes, bool]] = []
        self.heads = 0
        self.unreadable: list[tuple[str, bytes]] = []

    def on_unreadable(self, error: httptools.HttpParserError, data: bytes) -> None:
        """The parser stopped."""
        self.unreadable.append((type(error).__name__, data))

    def on_message_begin(self) -> None:
        """A request begins."""
        self.url, self.headers, self.body = b"", [], b""

    def on_url(self, url: bytes) -> None:
        """A part of its target."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field of its header."""
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Its header ends."""
        self.heads += not self.parser.offered()

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self.body += body

    def on_message_complete(self) -> None:
        """It ends."""
        if not self.parser.offered():
            self.seen.append((self.parser.get_method(), self.url, self.body, self.parser.should_keep_alive()))


SEEN = [(b"POST", b"/one?a=b", b"body", False), (b"PUT", b"/two", b"hi", True), (b"GET", b"/three", b"", True)]


@pytest.mark.parametrize("size", [1, 2, 7, 64, 10_000])
@pytest.mark.parametrize(
    ("requests", "expected"),
    [(OFFER, SEEN[:1]), (CHUNKED, SEEN[1:2]), (PLAIN, SEEN[2:]), (CHUNKED * 3 + PLAIN, [SEEN[1]] * 3 + SEEN[2:])],
)
def test_a_request_with_an_offer_is_read_to_its_end(
    requests: bytes, expected: list[tuple[bytes, bytes, bytes, bool]], size: int
) -> None:
    """However the bytes arrive, each request is told once, with its body, as if it had offered nothing."""
    told = Requests()
    for start in range(0, len(requests), size):
        told.parser.feed_data(requests[start : start + size])

    assert expected == told.seen
    assert len(expected) == told.heads


def test_a_thousand_offers_at_once_are_no_load_on_the_stack() -> None:
    """Many requests with offers in one piece are read one after the other."""
    told = Requests()
    told.parser.feed_data(CHUNKED * 1000)

    assert [SEEN[1]] * 1000 == told.seen


def test_the_offer_alone_is_left_out() -> None:
    """All other fields of the header are there, in their order."""
    told = Requests()
    told.parser.feed_data(OFFER)

    assert [(b"host", b"x"), (b"connection", b"Upgrade, close"), (b"content-length", b"4")] == told.headers


def test_a_connect_is_no_offer() -> None:
    """CONNECT cannot be answered as another request, so it is left to the server to refuse."""
    told = Requests()

    with pytest.raises(httptools.HttpParserUpgrade):
        told.parser.feed_data(b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert 1 == told.heads


def test_what_is_no_http_is_refused() -> None:
    """Bytes that are no HTTP are the parser's error as ever, after an offer too."""
    told = Requests()
    told.parser.feed_data(CHUNKED)

    with pytest.raises(httptools.HttpParserError):
        told.parser.feed_data(b"NONSENSE\r\n\r\n")


def test_what_stops_the_parser_is_told() -> None:
    """The failure and the bytes that it is in, before the parser raises it; a CONNECT is none."""
    requests = Requests()
    with pytest.raises(httptools.HttpParserInvalidMethodError):
        requests.parser.feed_data(b"BREW / HTTP/1.1\r\n")

    assert [("HttpParserInvalidMethodError", b"BREW / HTTP/1.1\r\n")] == requests.unreadable
    connecting = Requests()
    with pytest.raises(httptools.HttpParserUpgrade):
        connecting.parser.feed_data(b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert [] == connecting.unreadable
