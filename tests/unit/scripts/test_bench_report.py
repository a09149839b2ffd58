"""The run as a table, as JSON and as a chart."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from bench.chart import as_svg
from bench.figures import Figures
from bench.goals import Goal
from bench.mocks import MOCK
from bench.peers import PRISM, WIREMOCK
from bench.report import Run, as_json, as_table, number
from bench.requests import RESOLVE, SHARE


@pytest.fixture
def run() -> Run:
    """Two servers with two rounds each, one that is left out, and a goal of each kind."""
    figures = Figures()
    for request in (RESOLVE, SHARE):
        figures.add(request.name, MOCK, "r/s", 20_000.0, 30_000.0)
        figures.add(request.name, PRISM, "r/s", 8_000.0, 10_000.0)
    figures.leave_out(WIREMOCK, "there is no Java, <none> & nowhere")
    goals = [Goal("fast", "≥", 2.0, "x", 2.75), Goal("small", "≤", 90.0, "MB", 93.0), Goal("late", "≤", 1.0, "s", None)]
    return Run({"processor": "A & B <C>"}, figures, goals, quick=True)


@pytest.mark.parametrize(
    ("value", "text"), [(12345.6, "12,346"), (99.94, "99.9"), (10.0, "10.0"), (0.256, "0.26"), (-405.1, "-405")]
)
def test_numbers_have_the_digits_that_count(value: float, text: str) -> None:
    """Thousands are told apart, and small numbers keep two places."""
    assert text == number(value)


def test_the_table_has_each_figure_with_spread_and_ratio(run: Run) -> None:
    """A peer's line ends in what the mock is beside it, with the spread of the rounds."""
    (line,) = [line for line in as_table(run).splitlines() if line.startswith(RESOLVE.name) and PRISM in line]

    assert ["9,000", "8,000", "10,000", "r/s", "2.75", "(2.50", "3.00)"] == [
        word for word in line.removeprefix(RESOLVE.name).replace(PRISM, "").split() if word.isascii()
    ]


def test_the_table_says_what_is_left_out_and_what_is_not_reached(run: Run) -> None:
    """Nothing is dropped in silence: a missing peer has its reason, a goal its verdict, a quick run its warning."""
    table = as_table(run)

    assert f"!!! LEFT OUT: {WIREMOCK}: there is no Java" in table
    assert ["reached", "NOT REACHED", "NOT MEASURED"] == [
        line.split("  ")[-1].strip() for line in table.splitlines() if line.startswith(("fast", "small", "late"))
    ]
    assert "its figures say nothing" in table


def test_the_json_has_every_measurement(run: Run) -> None:
    """Programs get all values, the ratios, what was left out with its reason, and the goals."""
    document = json.loads(as_json(run))

    assert [8_000.0, 10_000.0] == document["figures"][1]["values"]
    assert {"median": 2.75, "low": 2.5, "high": 3.0}.items() <= document["ratios"][0].items()
    assert WIREMOCK in document["left_out"]
    assert [True, False, None] == [goal["reached"] for goal in document["goals"]]
    assert document["quick"]


def test_the_chart_is_well_formed_and_has_a_bar_for_each_server(run: Run) -> None:
    """Whatever names are in it, the chart is XML; its bars are as long as the medians are great, the fastest first."""
    chart = ET.fromstring(as_svg(run))  # noqa: S314 - our own
    bars = [float(bar.attrib["width"]) for bar in chart.iter("{http://www.w3.org/2000/svg}rect")]

    assert 4 == len(bars)
    assert 25_000 / 9_000 == pytest.approx(bars[0] / bars[1], rel=0.01)
    assert "A & B <C>" in "".join(chart.itertext())


def test_the_chart_can_be_read_without_seeing_it_and_in_the_dark(run: Run) -> None:
    """It has a title, a description with the figures, and colours for dark pages; what is left out stands in it."""
    text = as_svg(run)

    assert f"{MOCK} 25,000, {PRISM} 9,000" in text
    assert "prefers-color-scheme: dark" in text
    assert f"left out: {WIREMOCK}" in text
