"""Everything that a client and its `music` share: whom to talk to, with which options, over which connections."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ._later import Later
from ._options import CallOptions, Options
from ._settings import Settings
from ._transport import BlockingTransport

if TYPE_CHECKING:
    from . import _core, models
    from ._async_transport import AsyncTransport
    from ._calls import Call
    from ._wire import Reply
    from .models import RawResponse
else:
    _core, models = Later("_core"), Later("models")

T = TypeVar("T")
AnyTransport = TypeVar("AnyTransport", BlockingTransport, "AsyncTransport")


@dataclass(frozen=True, slots=True)
class BaseSession(Generic[AnyTransport]):
    """What both kinds have in common."""

    settings: Settings
    options: Options
    transport: AnyTransport

    @property
    def base_url(self) -> str:
        """The server."""
        return self.settings.base_url

    def with_options(self, changes: CallOptions) -> Self:
        """The same with other options, over the same connections."""
        return replace(self, options=self.options.merged(changes))

    def conversation(self, call: "Call[Any]") -> "_core.Steps":
        """The steps of a call."""
        return _core.conversation(call, _core.Circumstances(self.settings, self.options, self.transport.budget))


class Session(BaseSession[BlockingTransport]):
    """The blocking kind."""

    def send(self, call: "Call[T]") -> T:
        """Make a call and parse its answer."""
        return call.parse(self._reply(call))

    def send_raw(self, call: "Call[T]") -> "RawResponse[T]":
        """Make a call and leave its answer as it is."""
        return models.RawResponse(self._reply(call), call.parse)

    def _reply(self, call: "Call[Any]") -> "Reply":
        return self.transport.run(self.conversation(call))


class AsyncSession(BaseSession["AsyncTransport"]):
    """The asynchronous kind."""

    async def send(self, call: "Call[T]") -> T:
        """Make a call and parse its answer."""
        return call.parse(await self._reply(call))

    async def send_raw(self, call: "Call[T]") -> "RawResponse[T]":
        """Make a call and leave its answer as it is."""
        return models.RawResponse(await self._reply(call), call.parse)

    async def _reply(self, call: "Call[Any]") -> "Reply":
        return await self.transport.run(self.conversation(call))
