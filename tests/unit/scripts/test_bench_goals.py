"""Whether a goal is reached."""

from __future__ import annotations

import pytest

from bench.figures import Figures
from bench.goals import Goal, goals
from bench.growth import of_links
from bench.mocks import MOCK
from bench.peers import PRISM
from bench.plan import QUICK
from bench.requests import RESOLVE
from bench.throughput import START


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        (Goal("", "≥", 2.0, "", 2.0), "reached"),
        (Goal("", "≥", 2.0, "", 1.99), "NOT REACHED"),
        (Goal("", "≤", 2.0, "", 2.0), "reached"),
        (Goal("", "≤", 2.0, "", 2.01), "NOT REACHED"),
        (Goal("", "≤", 2.0, "", None), "NOT MEASURED"),
    ],
)
def test_a_goal_is_reached_missed_or_not_measured(goal: Goal, verdict: str) -> None:
    """The bound itself counts as reached, and what was not measured is never taken for reached."""
    assert verdict == goal.verdict


def test_without_figures_no_goal_is_reached() -> None:
    """Every goal needs a figure of its own."""
    found = goals(Figures(), QUICK)

    assert found
    assert {None} == {goal.reached for goal in found}


def test_a_goal_beside_a_peer_is_the_median_of_the_ratios() -> None:
    """Prism at 10, 10 and 10 answers, the mock at 15, 25 and 30: the goal is found at 2.5."""
    figures = Figures()
    figures.add(RESOLVE.name, MOCK, "r/s", 15.0, 25.0, 30.0)
    figures.add(RESOLVE.name, PRISM, "r/s", 10.0, 10.0, 10.0)

    assert 2.5 == _found(figures, f"{RESOLVE.name}, beside {PRISM}")


def test_growth_is_the_slowest_beside_the_fastest() -> None:
    """Whichever number of links is the slow one, its median counts beside that of the fastest."""
    figures = Figures()
    for count, rate in zip(QUICK.links, (80.0, 100.0), strict=True):
        figures.add(of_links(RESOLVE, count), MOCK, "r/s", rate)

    assert 0.8 == _found(figures, f"{RESOLVE.name}: 10 to 1,000 links, slowest beside fastest")


def test_a_goal_of_its_own_is_the_median() -> None:
    """The start to the first answer needs no peer."""
    figures = Figures()
    figures.add(START, MOCK, "s", 0.5, 0.3, 0.4)

    assert 0.4 == _found(figures, START)


def _found(figures: Figures, name: str) -> float | None:
    (goal,) = [goal for goal in goals(figures, QUICK) if goal.name == name]
    return goal.found
