"""Our requests as those of httpx, and its responses and errors as ours."""

# httpx parses URLs at a price, and has no public way around; the cap on its version guards the private names.
# pyright: reportPrivateUsage=false

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import httpx

from ._wire import Failure, Outcome, Reply, Request, Trouble
from .errors import InvalidArgumentError

CONNECT_TIMEOUT = 5.0
"""Seconds for making a connection, TLS included, if the deadline leaves that much."""
HEADERS = "aitronos.headers"
"""The extension of a response that keeps its headers while its location is hidden."""

_PLAIN_URL = re.compile(r"(https?://[^/?#]+)((?:/[\w-][\w.-]*)+)", re.ASCII)
"""An origin, and a path that every reader of URLs leaves as it is: nothing to encode, decode or resolve."""
_LONGEST_PLAIN_URL = 2_000
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests say how long their body is, even if they have none."""

_TROUBLE: tuple[tuple[type[Exception], Trouble], ...] = (
    (httpx.ConnectTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpx.PoolTimeout, Trouble.NO_CONNECTION_IN_TIME),
    (httpx.ConnectError, Trouble.UNREACHABLE),
    (httpx.ProxyError, Trouble.UNREACHABLE),
    (httpx.UnsupportedProtocol, Trouble.UNREACHABLE),
    (httpx.TimeoutException, Trouble.OUT_OF_TIME),
    (httpx.DecodingError, Trouble.GARBLED),
)


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request body. httpx's own is an asynchronous generator, of which trio complains when a reset cuts it short."""

    def __init__(self, body: bytes | None) -> None:
        self._pieces = (body,) if body else ()

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _Awaited(iter(self._pieces))


class _Awaited(AsyncIterator[bytes]):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration


def request_of(wanted: Request, timeouts: Mapping[str, float | None]) -> httpx.Request:
    """The request that httpx is to send, with every header that it needs.

    Raises:
        InvalidArgumentError: If httpx cannot read the URL.
    """
    url, body = _url(wanted.url), Body(wanted.body)
    request = httpx.Request(
        wanted.method, url, headers=_headers(wanted, url), stream=body, extensions={"timeout": timeouts}
    )
    # Hooks of the user's may look at the content; reading it puts another stream in the place of ours.
    request.read()
    request.stream = body
    return request


def _url(text: str) -> httpx.URL:
    """The URL, if httpx can read it.

    Reading one is most of the work of making a request, so the origin is read once, and a path is put behind it that
    would come out as it went in.
    """
    plain = _PLAIN_URL.fullmatch(text) if len(text) <= _LONGEST_PLAIN_URL else None
    if plain is None:
        return _read_url(text)
    origin, path = plain.groups()
    url = httpx.URL(_origin(origin))
    url._uri_reference = url._uri_reference._replace(path=path)
    return url


def _read_url(text: str) -> httpx.URL:
    """The URL, if httpx can read it: it judges numeric hosts, international names and the length of the whole."""
    try:
        url = httpx.URL(text)
        # Decoding an international name is put off until somebody asks for it.
        _ = url.host
    except (httpx.InvalidURL, UnicodeError):
        raise InvalidArgumentError(
            "The URL of this call cannot be sent: shorten path, identifiers and params to some 60,000 characters "
            "altogether, or correct the host of base_url"
        ) from None
    return url


_origin = lru_cache(maxsize=64)(_read_url)


def _headers(wanted: Request, url: httpx.URL) -> httpx.Headers:
    host = {} if "host" in wanted.headers else {"Host": url.netloc.decode("ascii")}
    has_length = wanted.body or wanted.method in _WITH_LENGTH
    length = {"Content-Length": str(len(wanted.body or b""))} if has_length else {}
    return httpx.Headers({**host, **wanted.headers, **length})


def reply_of(response: httpx.Response, body: bytes = b"") -> Reply:
    return Reply(response.status_code, response.extensions.get(HEADERS, response.headers), body)


def decoded(response: httpx.Response, raw: bytes) -> bytes:
    """Decode a body. httpx would decode while it reads, and leave a generator behind where that fails."""
    if "content-encoding" not in response.headers:
        return raw
    return httpx.Response(response.status_code, headers=response.headers, content=raw).content


def without_body(response: httpx.Response, error: httpx.RequestError) -> Outcome:
    """What an answer is worth whose body broke off or cannot be decoded: a refusal is one without it, too."""
    if response.is_success or isinstance(error, httpx.TimeoutException):
        return replace(_failure(error), status=response.status_code, request_id=reply_of(response).request_id)
    return reply_of(response)


def no_response(error: httpx.RequestError) -> Outcome:
    # h11 holds a 101 that nobody asked for against the server, and has nothing but this text to tell of it.
    return Reply(101, httpx.Headers(), b"") if "_SWITCH_UPGRADE" in str(error) else _failure(error)


def _failure(error: httpx.RequestError) -> Failure:
    trouble = next((trouble for kind, trouble in _TROUBLE if isinstance(error, kind)), Trouble.INTERRUPTED)
    return Failure(trouble, f"{type(error).__name__}: {error}")
