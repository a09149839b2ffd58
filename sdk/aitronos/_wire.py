"""What passes between the core, which never touches a network, and the transport, which knows nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from ._redact import scrub

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready to be sent as often as need be. Its repr shows no secret."""

    method: str
    url: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Send `request` once, and have it over by `deadline`, a point of the monotonic clock in seconds."""

    request: Request
    deadline: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before the next attempt."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete HTTP answer. `headers` compares names without regard to case."""

    status: int
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Texts of the call that the server may repeat, and that are to stay hidden."""

    @property
    def is_success(self) -> bool:
        """Whether the status is a 2xx."""
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """The `x-request-id` header, without secrets."""
        text = self.headers.get("x-request-id")
        return None if text is None else scrub(text, self.secrets)


class Trouble(Enum):
    """Why there is no complete answer."""

    UNREACHABLE = auto()
    """No connection came about: the request was surely not processed."""
    NO_CONNECTION_IN_TIME = auto()
    """The same, because connecting or waiting for a free connection took too long."""
    INTERRUPTED = auto()
    """The connection broke after it was made: the request may have been processed."""
    OUT_OF_TIME = auto()
    """The deadline passed: the request may have been processed."""
    GARBLED = auto()
    """The answer arrived and cannot be decoded."""


NOT_PROCESSED = frozenset({Trouble.UNREACHABLE, Trouble.NO_CONNECTION_IN_TIME})
TIMED_OUT = frozenset({Trouble.NO_CONNECTION_IN_TIME, Trouble.OUT_OF_TIME})


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt without a complete answer."""

    trouble: Trouble
    reason: str
    status: int = 0
    """HTTP status of the answer, if its head arrived."""
    request_id: str | None = None
    """The `x-request-id` of that answer."""


Outcome = Reply | Failure
