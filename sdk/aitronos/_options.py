"""What a caller may set for a client, for a copy of it, or for one call."""

from collections.abc import Mapping
from typing import TypedDict

from attrs import field, frozen

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


def _names(headers: Mapping[str, str]) -> str:
    return str(sorted(headers))


@frozen
class Options:
    """A complete set of options. The repr shows the names of headers only: their values may be secrets."""

    timeout: float = field(default=DEFAULT_TIMEOUT, converter=_arguments.timeout)
    max_retries: int = field(default=DEFAULT_MAX_RETRIES, converter=_arguments.max_retries)
    headers: dict[str, str] = field(factory=dict[str, str], converter=_arguments.headers, repr=_names)

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
