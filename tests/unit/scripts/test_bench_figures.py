"""Figures of the benchmark: medians, spread and ratios."""

from __future__ import annotations

import pytest

from bench.figures import Figure, Figures, ratio


def test_a_figure_is_the_median_with_the_least_and_the_greatest_value() -> None:
    """The middle counts, and the spread is from the least to the greatest, however they came."""
    figure = Figure("row", "mock", "r/s", (30.0, 10.0, 20.0))

    assert (20.0, 10.0, 30.0) == (figure.median, figure.low, figure.high)


def test_a_ratio_is_taken_round_by_round() -> None:
    """What slows one round slows both its parts, so the ratio of each round counts, not that of the medians."""
    found = ratio(Figure("row", "mock", "r/s", (10.0, 40.0)), Figure("row", "peer", "r/s", (5.0, 10.0)))

    assert (2.0, 4.0) == found.values
    assert "mock / peer" == found.subject


def test_figures_of_different_rounds_have_no_ratio() -> None:
    """Rounds that only one of the two was measured in are not passed over."""
    with pytest.raises(ValueError, match="argument"):
        ratio(Figure("row", "mock", "r/s", (1.0, 2.0)), Figure("row", "peer", "r/s", (1.0,)))


def test_rounds_are_collected_into_one_figure() -> None:
    """What is added under one row and subject is one figure, in the order of the measurements."""
    figures = Figures()
    figures.add("row", "mock", "r/s", 1.0)
    figures.add("row", "peer", "r/s", 3.0)
    figures.add("row", "mock", "r/s", 2.0)

    assert [(1.0, 2.0), (3.0,)] == [figure.values for figure in figures]


def test_what_was_not_measured_is_neither_a_figure_nor_a_part_of_a_ratio() -> None:
    """A peer that could not be had has no figure, so there is no ratio to it, in either direction."""
    figures = Figures()
    figures.add("row", "mock", "r/s", 1.0)
    figures.leave_out("peer", "there is no\n  Java")

    assert (None, None, None) == (
        figures.find("row", "peer"),
        figures.ratio("row", "mock", "peer"),
        figures.ratio("row", "peer", "mock"),
    )
    assert {"peer": "there is no Java"} == figures.left_out


def test_a_row_can_be_held_beside_another_row() -> None:
    """A save is held beside a resolve of the same server."""
    figures = Figures()
    figures.add("save", "mock", "r/s", 5.0)
    figures.add("resolve", "mock", "r/s", 10.0)
    found = figures.ratio("save", "mock", "mock", "resolve")

    assert found is not None
    assert (0.5,) == found.values


def test_a_run_that_broke_off_between_two_servers_has_no_ratio_of_them() -> None:
    """A round that only one of the two had is not passed over: the ratio counts as not measured."""
    figures = Figures()
    figures.add("row", "mock", "r/s", 1.0, 2.0)
    figures.add("row", "peer", "r/s", 3.0)

    assert figures.ratio("row", "mock", "peer") is None
