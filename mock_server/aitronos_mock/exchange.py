"""One request and what is known about it while it is answered."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, cast

from starlette.types import Scope, Send

from .answers import Headers
from .domain.models import User
from .journal import TakenRequest
from .mock import Mock
from .sandboxes import Sandbox, SandboxRegistry

_ROUTING = "connexion_routing"
_SECURITY = "connexion_context"
_NO_CLIENT = ("unknown", 0)

AUTHORITY = re.compile(r"(?:([A-Za-z0-9.\-_]+)|\[([0-9A-Fa-f:.]+)\])(?::[0-9]+)?")
"""A host, or an address of IPv6 in brackets, and a port that may be missing."""


class Forwarded(NamedTuple):
    """What a proxy says about the client behind it; None where it says nothing, or nothing that can be believed.

    Attributes:
        client_ip: The address that the request came from.
        scheme: `http` or `https`, as the client spoke it.
        host: Where the client reached the proxy, with the port.
    """

    client_ip: str | None = None
    scheme: str | None = None
    host: str | None = None


NOT_FORWARDED = Forwarded()
"""What there is to say of a client that came by itself."""


class Control(NamedTuple):
    """What the control plane may reach.

    Attributes:
        sandbox: The sandbox that the request is about.
        sandboxes: All of them.
    """

    sandbox: Sandbox
    sandboxes: SandboxRegistry


class Exchange:
    """The request at hand, from the outermost layer to the handler.

    Attributes:
        mock: The mock that answers.
        trace_id: Identifies the request; `x-request-id` of the answer.
        started: Unix seconds at which it arrived.
        headers: Headers that the answer will carry, whichever answer it becomes.
        body: The validated JSON body; empty where none was sent.
        forwarded: What a trusted proxy says about the client.
        is_recorded: Whether the journal takes the request down, which it does for those to the API.
        spoil: Puts something between the answer and the client, whichever answer it becomes; None is nothing.
    """

    __slots__ = (
        "_by_name",
        "_control",
        "_scope",
        "body",
        "forwarded",
        "headers",
        "is_recorded",
        "mock",
        "spoil",
        "started",
        "trace_id",
    )

    def __init__(self, mock: Mock, scope: Scope, control: Control | None = None) -> None:
        self.mock = mock
        self.trace_id = mock.ids.request()
        self.started = mock.clock.time()
        self.headers: Headers = []
        self.body: dict[str, Any] = {}
        self.forwarded = NOT_FORWARDED
        self.is_recorded = True
        self.spoil: Callable[[Send], Send] | None = None
        self._scope = scope
        self._control = control
        self._by_name: dict[bytes, list[bytes]] | None = None

    @classmethod
    def of(cls, scope: Scope) -> Exchange:
        """The exchange that the outermost layer put into the scope."""
        return cast(Exchange, scope["extensions"][_KEY])

    @classmethod
    def begin(cls, mock: Mock, scope: Scope, control: Control | None = None) -> Exchange:
        """Start an exchange and put it into the scope, where the inner layers find it."""
        exchange = cls(mock, scope, control)
        # A dict of its own for every request: connexion keeps the routing of the request in it.
        scope["extensions"] = {_KEY: exchange}
        return exchange

    def end(self) -> None:
        """Take the exchange out of the scope that it refers to, or only a search for garbage would free the two."""
        # connexion copies the scope, and the copies share what is in it.
        self._scope["extensions"].clear()

    @property
    def control(self) -> Control:
        """What the control plane may reach; there is something wherever one of its operations was found."""
        return cast(Control, self._control)

    @property
    def method(self) -> str:
        """The method, in capitals."""
        return cast(str, self._scope["method"])

    @property
    def path(self) -> str:
        """The path below `base_url`."""
        return cast(str, self._scope["path"])

    @property
    def raw_path(self) -> str:
        """The path as it was sent, percent-encoding and all."""
        return cast(bytes, self._scope["raw_path"]).decode("latin-1")

    @property
    def query(self) -> str:
        """The query as it was sent."""
        return cast(bytes, self._scope["query_string"]).decode("latin-1")

    def fields(self, name: str) -> list[str]:
        """The values that the request has for a header, by its name in lower case."""
        if self._by_name is None:
            self._by_name = {}
            for each, value in self._scope["headers"]:
                self._by_name.setdefault(each, []).append(value)
        found = self._by_name.get(name.encode())
        return [value.decode("latin-1").strip(" \t") for value in found] if found else []

    @property
    def http_version(self) -> str:
        """The version that the client speaks, for instance `1.1`."""
        return cast(str, self._scope["http_version"])

    @property
    def origin(self) -> str | None:
        """The origin of the page that sent the request, as a browser names it, or None."""
        return ", ".join(self.fields("origin")) or None

    @property
    def sandbox(self) -> str | None:
        """The name of the sandbox that answers; the default one has none."""
        return self._control.sandbox.name if self._control else None

    @property
    def operation_id(self) -> str | None:
        """The operation that the router found, or None while or where it found none."""
        return cast("str | None", self._scope["extensions"].get(_ROUTING, {}).get("operation_id"))

    @property
    def caller(self) -> User:
        """Who calls; there is somebody wherever the contract demands a credential."""
        return cast(User, self._scope["extensions"][_SECURITY]["user"])

    @property
    def client_ip(self) -> str:
        """The address that the request came from."""
        return self.forwarded.client_ip or cast(str, (self._scope.get("client") or _NO_CLIENT)[0])

    @property
    def base_url(self) -> str:
        """Where the client reached this mock, so that links which it is given open for it too."""
        return self.server_url + self.mock.path

    @property
    def server_url(self) -> str:
        """Where the client reached the server, all of whose sandboxes are below."""
        scheme = self.forwarded.scheme or self._scope["scheme"]
        host = self.forwarded.host or next(iter(self.fields("host")), "")
        if not is_authority(host):
            host = authority(*self._scope["server"])
        return f"{scheme}://{host}"

    def record(self, status: int | None, milliseconds: int) -> None:
        """Take the request down in the journal of the mock; the status is None where nobody was answered."""
        request = TakenRequest(
            self.started,
            self.method,
            self._scope["raw_path"],
            self.operation_id,
            status,
            milliseconds,
            self.trace_id,
            self.client_ip,
            [_field(*field) for field in self._scope["headers"]],
            self.body or None,
        )
        self.mock.journal.record(request)


# Thousands of requests are remembered, and clients send the same few fields with all of them.
@lru_cache(256)
def _field(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    return name, value


# Clients of one mock all send the same few.
@lru_cache(256)
def is_authority(text: str) -> bool:
    """Whether a text is a host with a port, or without."""
    return AUTHORITY.fullmatch(text) is not None


def authority(address: str, port: int) -> str:
    """An address and a port as they stand in a URL."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


_KEY = "aitronos_mock.exchange"
