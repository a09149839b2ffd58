"""The run as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .figures import TIMES, Figure, Figures
from .goals import Goal
from .mocks import MOCK

_TO = "\N{EN DASH}"
_RATIOS_OF = {"r/s", "s", "MB"}


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that a run found out.

    Attributes:
        machine: What the figures depend on, by name.
        figures: What was measured, and what was left out.
        goals: What is promised, and whether it is kept.
        quick: Whether the run was too short for its figures to say anything.
        complete: Whether every measurement went through.
    """

    machine: Mapping[str, str]
    figures: Figures
    goals: Sequence[Goal]
    quick: bool
    complete: bool = True


def as_json(run: Run) -> str:
    """The run as JSON, with every single measurement."""
    document = {
        "quick": run.quick,
        "complete": run.complete,
        "machine": dict(run.machine),
        "left_out": run.figures.left_out,
        "figures": [_figure(figure) for figure in run.figures],
        "ratios": [_figure(figure) for figure in ratios(run.figures)],
        "goals": [_goal(goal) for goal in run.goals],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_table(run: Run) -> str:
    """The run as text, one thing per line."""
    parts = [
        ("machine and versions", [[name, value] for name, value in run.machine.items()]),
        ("figures", [["", "", "median", f"min {_TO} max", "this mock beside it"], *_figure_lines(run.figures)]),
        ("goals", [["", "wanted", "found", ""], *map(_goal_line, run.goals)]),
    ]
    lines = [line for title, rows in parts for line in (f"== {title}", *_aligned(rows), "")]
    lines += [f"!!! LEFT OUT: {subject}: {reason}" for subject, reason in run.figures.left_out.items()]
    if run.quick:
        lines.append("!!! A quick run sees whether everything works; its figures say nothing.")
    return "\n".join(lines).rstrip() + "\n"


def ratios(figures: Figures) -> Iterator[Figure]:
    """The mock as a multiple of each peer, where both were measured."""
    for figure in figures:
        ratio = figures.ratio(figure.row, MOCK, figure.subject)
        if ratio is not None and figure.subject != MOCK and figure.unit in _RATIOS_OF:
            yield ratio


def number(value: float) -> str:
    """A number with three digits that count, and all of those before the point."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "row": figure.row,
        "subject": figure.subject,
        "unit": figure.unit,
        "median": figure.median,
        "low": figure.low,
        "high": figure.high,
        "values": list(figure.values),
    }


def _goal(goal: Goal) -> dict[str, Any]:
    return {
        "goal": goal.name,
        "wanted": f"{goal.bound} {goal.limit:g} {goal.unit}",
        "found": goal.found,
        "reached": goal.reached,
    }


def _figure_lines(figures: Figures) -> Iterator[list[str]]:
    beside = {(ratio.row, ratio.subject): ratio for ratio in ratios(figures)}
    for figure in figures:
        ratio = beside.get((figure.row, f"{MOCK} / {figure.subject}"))
        spread = f"{number(figure.low)} {_TO} {number(figure.high)} {figure.unit}"
        yield [figure.row, figure.subject, number(figure.median), spread, _spread_of(ratio)]
    for subject in figures.left_out:
        yield ["left out", subject, _TO, _TO, ""]


def _spread_of(ratio: Figure | None) -> str:
    if ratio is None:
        return ""
    return f"{number(ratio.median)} {TIMES} ({number(ratio.low)} {_TO} {number(ratio.high)})"


def _goal_line(goal: Goal) -> list[str]:
    found = _TO if goal.found is None else f"{number(goal.found)} {goal.unit}"
    return [goal.name, f"{goal.bound} {goal.limit:g} {goal.unit}", found, goal.verdict]


def _aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
