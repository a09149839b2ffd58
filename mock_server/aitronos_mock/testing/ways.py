"""What a way to a mock has to offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import httpx


class Way(Protocol):
    """How a mock is reached: over sockets, or in this process."""

    @property
    def url(self) -> str:
        """Of the mock, without a slash at its end."""
        ...

    def exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        """Send a request to the control plane; see `Exchange`."""
        ...

    def http_client(self) -> httpx.Client:
        """What blocking clients of the API share."""
        ...

    def http_client_of(self, base_url: str) -> httpx.Client:
        """A blocking client of one's own."""
        ...

    def async_http_client(self) -> httpx.AsyncClient | None:
        """What an asynchronous client of the API goes through; None leaves that to the client."""
        ...
