"""The clients: `Aitronos` blocks, `AsyncAitronos` awaits under asyncio or trio; otherwise they are alike."""

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar, Unpack

from ._arguments import Params
from ._later import Later
from ._options import DEFAULT_MAX_RETRIES, DEFAULT_TIMEOUT, CallOptions, Options
from ._redact import Unpicklable, sealed, sealed_async
from ._session import AsyncSession, Session
from ._settings import Settings
from ._transport import BlockingTransport

if TYPE_CHECKING:
    import httpx

    from . import _async_transport, _calls, music
    from .models import JSONObject
    from .music import AsyncMusic, Music
else:
    _async_transport, _calls, music = Later("_async_transport"), Later("_calls"), Later("music")


AnySession = TypeVar("AnySession", Session, AsyncSession)


class _Client(Unpicklable, Generic[AnySession]):
    """What both clients have in common."""

    _session: AnySession

    @property
    def base_url(self) -> str:
        """The server that this client talks to, and the only one that its key goes to."""
        return self._session.base_url

    @sealed
    def with_options(self, **options: Unpack[CallOptions]) -> Self:
        """A copy with other options, sharing connections and retry budget; this client stays as it is.

        Args:
            **options: `timeout`, `max_retries` and `headers`; headers are added to those that are there.

        Raises:
            InvalidArgumentError: If an option cannot be right.
        """
        copy = object.__new__(type(self))
        copy._session = self._session.with_options(options)
        return copy

    def __repr__(self) -> str:
        if not hasattr(self, "_session"):
            # Its construction failed; a crash reporter may print it all the same.
            return f"<unfinished {type(self).__name__}>"
        key = "set" if self._session.settings.api_key else "none"
        return f"{type(self).__name__}(base_url={self.base_url!r}, api_key={key})"


class Aitronos(_Client[Session]):
    """A client of the API. One client serves any number of threads, over one pool of connections.

    Args:
        api_key: The key; else `FREDDY_API_KEY`. Opening share links needs none.
        base_url: The server; else `AITRONOS_BASE_URL`, else `https://api.aitronos.com`.
        timeout: Seconds for one whole call, retries and pauses included, 2,000,000 at most. Connecting takes 5 of them
            at most.
        max_retries: How often a failed attempt may be repeated at most, where repeating does no harm.
        headers: Further request headers.
        http_client: An `httpx.Client` of your own, for proxies, transports and CA bundles. Its pool is used; its
            default headers, cookies, auth and redirects are not. You close it yourself.

    Raises:
        InvalidArgumentError: If an argument or environment variable cannot be right.
    """

    @sealed
    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        http_client: "httpx.Client | None" = None,
    ) -> None:
        settings = Settings.load(api_key, base_url)
        options = Options(timeout, max_retries, {} if headers is None else headers)
        self._session = Session(settings, options, BlockingTransport(http_client))

    @property
    def music(self) -> "Music":
        """Share links of tracks and collections."""
        return music.Music(self._session)

    @sealed
    def get(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with GET and return the decoded JSON object.

        Args:
            path: Path below the base URL, such as `/v1/music/shared/…`.
            json: Request body; None for none.
            params: Query parameters.
            **options: `timeout`, `max_retries` and `headers` of this call.

        Raises:
            InvalidArgumentError: If an argument cannot be right; nothing was sent.
            APIStatusError: If the server refuses.
            APIConnectionError: If no complete answer arrived.
            ResponseParseError: If the answer is no JSON object.
        """
        return self._session.send(_calls.raw("GET", path, self.base_url, json, params, options))

    @sealed
    def post(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with POST, otherwise as `get`. Repeated only where the server surely did not process it."""
        return self._session.send(_calls.raw("POST", path, self.base_url, json, params, options))

    @sealed
    def put(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with PUT, otherwise as `post`."""
        return self._session.send(_calls.raw("PUT", path, self.base_url, json, params, options))

    @sealed
    def patch(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with PATCH, otherwise as `post`."""
        return self._session.send(_calls.raw("PATCH", path, self.base_url, json, params, options))

    @sealed
    def delete(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with DELETE, otherwise as `post`."""
        return self._session.send(_calls.raw("DELETE", path, self.base_url, json, params, options))

    def close(self) -> None:
        """Close the connections, those of copies included. An `http_client` of your own stays open."""
        self._session.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncAitronos(_Client[AsyncSession]):
    """The client for asyncio and trio. The arguments are those of `Aitronos`.

    One client belongs to one event loop. `http_client` is an `httpx.AsyncClient`.

    Raises:
        InvalidArgumentError: If an argument or environment variable cannot be right.
    """

    @sealed
    def __init__(
        self,
        api_key: str | None = None,
        *,
        base_url: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_MAX_RETRIES,
        headers: Mapping[str, str] | None = None,
        http_client: "httpx.AsyncClient | None" = None,
    ) -> None:
        settings = Settings.load(api_key, base_url)
        options = Options(timeout, max_retries, {} if headers is None else headers)
        self._session = AsyncSession(settings, options, _async_transport.AsyncTransport(http_client))

    @property
    def music(self) -> "AsyncMusic":
        """Share links of tracks and collections."""
        return music.AsyncMusic(self._session)

    @sealed_async
    async def get(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with GET; see `Aitronos.get`."""
        return await self._session.send(_calls.raw("GET", path, self.base_url, json, params, options))

    @sealed_async
    async def post(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with POST; see `Aitronos.post`."""
        return await self._session.send(_calls.raw("POST", path, self.base_url, json, params, options))

    @sealed_async
    async def put(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with PUT, otherwise as `post`."""
        return await self._session.send(_calls.raw("PUT", path, self.base_url, json, params, options))

    @sealed_async
    async def patch(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with PATCH, otherwise as `post`."""
        return await self._session.send(_calls.raw("PATCH", path, self.base_url, json, params, options))

    @sealed_async
    async def delete(
        self, path: str, *, json: object = None, params: Params | None = None, **options: Unpack[CallOptions]
    ) -> "JSONObject":
        """Call any path with DELETE, otherwise as `post`."""
        return await self._session.send(_calls.raw("DELETE", path, self.base_url, json, params, options))

    async def aclose(self) -> None:
        """Close the connections, those of copies included. An `http_client` of your own stays open."""
        await self._session.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
