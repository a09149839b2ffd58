"""The way to a mock that runs as a server, here or elsewhere."""

from __future__ import annotations

import selectors
import ssl
import threading
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .errors import MockUnavailable
from .packages import needed_for

if TYPE_CHECKING:
    import httpx

_TIMEOUT_SECONDS = 30.0


class Wire:
    """One connection for the control plane, kept for the next request, and what clients of the API share.

    No proxy is asked and no redirect followed: the token is for this mock alone, and a mock is close by. Any thread may
    use it.

    Args:
        url: Of the mock, with scheme and host and without a slash at its end.
        token: What the mock demands of those who control it, or None.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self._token = token
        self._path = urlsplit(url).path
        self._lock = threading.Lock()

    @cached_property
    def _connection(self) -> HTTPConnection:
        url = urlsplit(self.url)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        return kind(str(url.hostname), url.port, timeout=_TIMEOUT_SECONDS)

    def exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        """Send a request to the control plane; see `Exchange`."""
        with self._lock:
            try:
                return self._exchange(method, target, body)
            except (OSError, HTTPException) as error:
                self._connection.close()
                reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                raise MockUnavailable(f"the mock at {self.url} does not answer ({reason})") from None

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        if _is_over(self._connection):
            self._connection.close()
        self._connection.request(method, self._path + target, body, self._headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    @cached_property
    def _headers(self) -> dict[str, str]:
        credentials = {} if self._token is None else {"Authorization": f"Bearer {self._token}"}
        return {"Content-Type": "application/json", **credentials}

    def http_client(self) -> httpx.Client:
        """What blocking clients of the API share: making one takes longer than most tests."""
        return self._http_client

    @cached_property
    def _http_client(self) -> httpx.Client:
        return self.http_client_of(self.url)

    def http_client_of(self, base_url: str) -> httpx.Client:
        """A blocking client of one's own."""
        with needed_for("an HTTP client", "httpx"):
            import httpx
        return httpx.Client(base_url=base_url, verify=self._trusted, trust_env=False)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Whom clients trust; reading that takes some 20 ms, so it is done once."""
        return ssl.create_default_context()

    def async_http_client(self) -> httpx.AsyncClient | None:
        """What an asynchronous client of the API goes through; None leaves that to the client."""
        return None

    def close(self) -> None:
        """Let go of every connection."""
        for kept in ("_connection", "_http_client"):
            connection: Any = self.__dict__.pop(kept, None)
            if connection is not None:
                connection.close()


def _is_over(connection: HTTPConnection) -> bool:
    """Whether the other side closed the connection meanwhile, as servers do where nothing is asked for a while."""
    if connection.sock is None:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))
