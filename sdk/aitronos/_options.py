"""What a caller may set for a client, for a copy of it, or for one call."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from . import _arguments

DEFAULT_TIMEOUT = 60.0
DEFAULT_MAX_RETRIES = 2


class CallOptions(TypedDict, total=False):
    """Options of one call; what is left out is as the client has it."""

    timeout: float
    """Seconds for the whole call, retries and pauses between them included."""
    max_retries: int
    """How often a failed attempt may be repeated at most, 0 for never."""
    headers: Mapping[str, str]
    """Further request headers. They are added to the client's own."""


@dataclass(frozen=True, slots=True)
class Options:
    """A complete set of options. The repr shows the names of headers only: their values may be secrets."""

    timeout: float = DEFAULT_TIMEOUT
    max_retries: int = DEFAULT_MAX_RETRIES
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        # What is frozen can be checked and brought into shape by its own making only.
        object.__setattr__(self, "timeout", _arguments.timeout(self.timeout))
        object.__setattr__(self, "max_retries", _arguments.max_retries(self.max_retries))
        object.__setattr__(self, "headers", _arguments.headers(self.headers))

    def __repr__(self) -> str:
        names = sorted(self.headers)
        return f"Options(timeout={self.timeout}, max_retries={self.max_retries}, headers={names})"

    def merged(self, changes: CallOptions) -> "Options":
        """These options with some changed; headers are added up."""
        if not changes:
            return self
        unknown = changes.keys() - CallOptions.__annotations__.keys()
        if unknown:
            raise TypeError(f"unknown option {min(unknown)!r}; known are {', '.join(CallOptions.__annotations__)}")
        return Options(
            timeout=changes.get("timeout", self.timeout),
            max_retries=changes.get("max_retries", self.max_retries),
            headers={**self.headers, **_arguments.headers(changes.get("headers", {}))},
        )
