"""One request in the journal of a sandbox, and what it can be expected to be like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypedDict, get_args

Operation = Literal["shareTrack", "shareCollection", "resolveShare", "saveSharedTrack", "playTrack"]
"""The operations of the API, and `playTrack`, which is to fetch a `playback_url`."""

OPERATIONS: tuple[Operation, ...] = get_args(Operation)


class Expected(TypedDict, total=False):
    """What a request has to be like; what is left out may be anything.

    A path is one below the sandbox's `base_url`. Of headers, those that are named have to be there and be equal. Tokens
    in paths and headers and the values of credentials are not compared, because the journal does not know them.
    """

    method: str
    path: str
    status: int | None
    body: Mapping[str, Any] | None
    headers: Mapping[str, str]


PARTS = frozenset(Expected.__annotations__)
"""What of a request can be expected."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the journal has it: without keys, tokens and signatures.

    Attributes:
        operation: What was called; None where no operation was reached.
        method: Of HTTP.
        path: Below the sandbox's `base_url`, with `{token}` where a token was.
        status: Of the answer; None where nobody was answered.
        body: The valid JSON body, or None.
        headers: By their names in lower case.
        time: When it arrived, by the clock of the sandbox.
        milliseconds: How long the answer took.
        trace_id: `x-request-id` of the answer.
        client_ip: The address that it came from.
    """

    operation: str | None
    method: str
    path: str
    status: int | None
    body: Mapping[str, Any] | None
    headers: Mapping[str, str]
    time: datetime
    milliseconds: int
    trace_id: str
    client_ip: str

    def __str__(self) -> str:
        answer = "no answer" if self.status is None else self.status
        return f"{self.method} {self.path} -> {answer} ({self.operation or 'no operation'}, {self.trace_id})"
