"""What strikes, and which requests it strikes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal, NamedTuple

from ..refusals import FieldError, InvalidBody

Drop = Literal["before", "mid_body"]
Spoiling = Literal["truncated", "invalid_json", "slow"]

_ANSWERS = ("status", "drop", "body")
_EFFECTS = ("latency_ms", *_ANSWERS)


class Latency(NamedTuple):
    """How long to wait, in milliseconds, both ends included."""

    shortest: int
    longest: int


@dataclass(frozen=True)
class FaultPlan:
    """What was asked for; see `FaultPlan` in control/openapi.yaml. Only what is not None was named.

    Attributes:
        operation: Strike requests to this operation only.
        path: Strike requests to paths of this form only, with `*` for any run of characters. It may hold a token, so
            the `repr` is without it.
        latency_ms: How long to wait before the answer.
        status: Answer with the error of this status, and do nothing else.
        drop: Close the connection, before the answer or in the middle of its body.
        body: Spoil the body of the answer.
        nth: Leave the requests before the nth one that matches alone.
        times: Strike so often; None is once where `nth` is given, and without end otherwise.
        probability: Strike so probably, from 0 to 1.
    """

    operation: str | None = None
    path: str | None = field(default=None, repr=False)
    latency_ms: Latency | None = None
    status: int | None = None
    drop: Drop | None = None
    body: Spoiling | None = None
    nth: int | None = None
    times: int | None = None
    probability: float | None = None

    @classmethod
    def from_json(cls, plan: Mapping[str, Any]) -> FaultPlan:
        """The plan in a body that the schema admits.

        Raises:
            InvalidBody: It has nothing that could strike, too much of it, or a range that ends before it begins.
        """
        if errors := list(_errors(plan)):
            raise InvalidBody(errors)
        latency = plan.get("latency_ms")
        return cls(**{**plan, "latency_ms": None if latency is None else _latency(latency)})

    def to_json(self) -> dict[str, Any]:
        """The plan as it is written in JSON; a fixed latency is a number."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        if self.latency_ms is not None:
            shortest, longest = self.latency_ms
            named["latency_ms"] = shortest if shortest == longest else [shortest, longest]
        return {name: value for name, value in named.items() if value is not None}

    def matches(self, operation: str, path: str) -> bool:
        """Whether a request to this operation at this path is meant."""
        return self.operation in (None, operation) and (self._form is None or self._form.fullmatch(path) is not None)

    @cached_property
    def _form(self) -> re.Pattern[str] | None:
        if self.path is None:
            return None
        first, *others = map(re.escape, self.path.split("*"))
        if not others:
            return re.compile(first)
        *middle, last = others
        # Atomic: the first place at which a part fits is as good as any later one, and trying them all takes for ever.
        return re.compile(f"{first}{''.join(f'(?>.*?{part})' for part in middle)}.*{last}", re.DOTALL)


def _latency(value: int | list[int]) -> Latency:
    return Latency(value, value) if isinstance(value, int) else Latency(*value)


def _errors(plan: Mapping[str, Any]) -> Iterator[FieldError]:
    """What no schema says in words that help."""
    answers = [name for name in _ANSWERS if name in plan]
    if not any(name in plan for name in _EFFECTS):
        yield FieldError("body", dict(plan), f"must have one of {', '.join(_EFFECTS)}")
    for name in answers[1:]:
        yield FieldError(name, plan[name], f"does not go together with {answers[0]}")
    latency = plan.get("latency_ms", 0)
    if not isinstance(latency, int) and latency[0] > latency[1]:
        yield FieldError("latency_ms", latency, "must begin with the shorter time")
