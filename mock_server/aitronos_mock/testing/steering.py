"""What a test changes about its sandbox while it runs: the time, and what goes wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypedDict, Unpack

from .control import Control
from .entries import Operation


def written(moment: datetime | str) -> str:
    """A moment as the API writes it, `YYYY-MM-DDTHH:MM:SSZ`, in UTC; text stays as it is, for the mock to judge.

    Raises:
        ValueError: The moment names no time zone, so nobody knows which one it is.
    """
    if isinstance(moment, str):
        return moment
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone; give it one, for instance tzinfo=UTC")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Clock:
    """The one clock of a sandbox, for expiry, playback URLs, rate windows and timestamps."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def now(self) -> datetime:
        """The time of the sandbox, in UTC and whole seconds."""
        return _moment(self._control.send("GET", "clock"))

    @property
    def mode(self) -> Literal["real", "shifted", "frozen"]:
        """How it runs: with the machine's clock, at a distance from it, or not at all."""
        mode: Literal["real", "shifted", "frozen"] = self._control.send("GET", "clock")["mode"]
        return mode

    def freeze(self, moment: datetime | str | None = None) -> datetime:
        """Stand still, at this moment of the years 2000 to 8999 or where it is; the time that it is then.

        Raises:
            ValueError: The moment names no time zone.
            MockRefused: The moment is none that a clock can be set to.
        """
        moment = self.now() if moment is None else moment
        return _moment(self._control.send("PUT", "clock", body={"now": written(moment)}))

    def advance(self, by: timedelta | float) -> datetime:
        """Go forward by a time or by so many seconds, and then go on as before; the time that it is then.

        Raises:
            MockRefused: The way leads back, or beyond the year 8999.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        return _moment(self._control.send("PUT", "clock", body={"advance_seconds": seconds}))

    def release(self) -> datetime:
        """Follow the machine's clock again; the time that it is then."""
        return _moment(self._control.send("PUT", "clock", body={"real": True}))


def _moment(clock: dict[str, str]) -> datetime:
    return datetime.fromisoformat(clock["now"])


class FaultPlan(TypedDict, total=False):
    """What shall go wrong, and when; the README's table of faults has the meaning of each field."""

    operation: Operation
    path: str
    nth: int
    times: int
    probability: float
    latency_ms: int | tuple[int, int]
    status: int
    drop: Literal["before", "mid_body"]
    body: Literal["truncated", "invalid_json", "slow"]


class Faults:
    """What goes wrong in a sandbox on purpose."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def add(self, **plan: Unpack[FaultPlan]) -> None:
        """Let something go wrong from now on, until it struck as often as it was told to.

        Raises:
            MockRefused: The plan makes no sense; the message says which field.
        """
        self._control.send("POST", "faults", body=plan)

    def items(self) -> list[dict[str, Any]]:
        """Those that can still strike, as the control plane lists them."""
        items: list[dict[str, Any]] = self._control.send("GET", "faults")["items"]
        return items

    def clear(self) -> None:
        """Take all of them away."""
        self._control.send("DELETE", "faults")
