"""What the project promises about speed, and whether this run keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from . import growth, sdk, suites, worlds
from .figures import TIMES, Figure, Figures
from .mocks import MOCK
from .peers import PRISM, STARLETTE, WIREMOCK
from .plan import Plan
from .requests import RESOLVE, SHARE, UNKNOWN, Request
from .throughput import MEMORY, START, p50_of, p99_of


@dataclass(frozen=True, slots=True)
class Goal:
    """A promise.

    Attributes:
        name: What is promised.
        bound: Whether `limit` is the least or the most.
        limit: The number that decides.
        unit: Its unit; that of ratios is the sign of multiplication.
        found: The measured number, or None where it was not measured.
    """

    name: str
    bound: Literal["≥", "≤"]
    limit: float
    unit: str
    found: float | None

    @property
    def reached(self) -> bool | None:
        """Whether it is kept; None where nobody can tell."""
        if self.found is None:
            return None
        return self.found >= self.limit if self.bound == "≥" else self.found <= self.limit

    @property
    def verdict(self) -> str:
        """The same in words."""
        return {True: "reached", False: "NOT REACHED", None: "NOT MEASURED"}[self.reached]


def goals(figures: Figures, plan: Plan) -> list[Goal]:
    """All promises, with what was found."""
    return [*_of_throughput(figures), *_of_the_process(figures), *_of_growth(figures, plan), *_of_the_sdk(figures)]


def _of_throughput(figures: Figures) -> Iterator[Goal]:
    beside: tuple[tuple[Request, str, float], ...] = (
        (RESOLVE, PRISM, 2.0),
        (RESOLVE, WIREMOCK, 1.5),
        (RESOLVE, STARLETTE, 0.6),
        (SHARE, PRISM, 2.0),
        (SHARE, WIREMOCK, 1.0),
    )
    for row, peer, least in beside:
        yield _at_least(f"{row.name}, beside {peer}", least, figures.ratio(row.name, MOCK, peer))
    for row in (worlds.COLLECTION, worlds.SAVE, UNKNOWN):
        ratio = figures.ratio(row.name, MOCK, MOCK, RESOLVE.name)
        yield _at_least(f"{row.name}, beside {RESOLVE.name}", 0.5, ratio)
    for row in (RESOLVE, SHARE):
        ratio = figures.ratio(p99_of(row), MOCK, MOCK, p50_of(row))
        yield _at_most(f"{row.name}: p99 beside p50 at 70 % of peak", 3.0, TIMES, ratio)


def _of_the_process(figures: Figures) -> Iterator[Goal]:
    yield _at_most(START, 0.5, "s", figures.find(START, MOCK))
    yield _at_most(MEMORY, 90.0, "MB", figures.find(MEMORY, MOCK))
    yield _at_most(growth.LIFE, 1.0, "ms", figures.find(growth.LIFE, MOCK))
    yield _at_most(suites.SESSION, 0.6, "s", figures.find(suites.SESSION, MOCK))


def _of_growth(figures: Figures, plan: Plan) -> Iterator[Goal]:
    for request in (RESOLVE, SHARE):
        rows = [growth.of_links(request, count) for count in plan.links]
        yield _alike(f"{request.name}: {_range(plan.links)} links, slowest beside fastest", figures, rows)
    rows = [growth.of_sandboxes(count) for count in plan.sandboxes]
    yield _alike(f"{RESOLVE.name}: {_range(plan.sandboxes)} sandboxes, slowest beside fastest", figures, rows)


def _of_the_sdk(figures: Figures) -> Iterator[Goal]:
    yield _at_most(f"SDK: {sdk.IMPORT}", 15.0, "ms", figures.find(sdk.IMPORT, sdk.SDK))
    beside: tuple[tuple[str, str, str, float], ...] = (
        (sdk.FIRST_CLIENT, sdk.SDK, sdk.HTTPX, 1.1),
        (sdk.SYNC, sdk.TYPED, sdk.HTTPX, 1.0),
        (sdk.ASYNC, sdk.TYPED, sdk.HTTPX, 1.0),
        (sdk.PARSING, sdk.SDK, sdk.GENERATED, 1.0),
    )
    for row, subject, peer, most in beside:
        yield _at_most(f"SDK: {row}, beside {peer}", most, TIMES, figures.ratio(row, subject, peer))


def _at_least(name: str, limit: float, figure: Figure | None) -> Goal:
    return Goal(name, "≥", limit, TIMES, _median(figure))


def _at_most(name: str, limit: float, unit: str, figure: Figure | None) -> Goal:
    return Goal(name, "≤", limit, unit, _median(figure))


def _alike(name: str, figures: Figures, rows: list[str]) -> Goal:
    """Within 20 % of each other."""
    medians = [figure.median for figure in map(_of_mock(figures), rows) if figure is not None]
    return Goal(name, "≥", 0.8, TIMES, min(medians) / max(medians) if len(medians) == len(rows) else None)


def _of_mock(figures: Figures) -> Callable[[str], Figure | None]:
    return lambda row: figures.find(row, MOCK)


def _range(counts: tuple[int, ...]) -> str:
    return f"{counts[0]:,} to {counts[-1]:,}"


def _median(figure: Figure | None) -> float | None:
    return None if figure is None else figure.median
