"""The figures of the READMEs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench import stores
from bench.mocks import MOCK
from bench.peers import BARE
from bench.published import READMES, published, runs, sizing, speed
from bench.requests import RESOLVE


def _figure(row: str, subject: str, median: float) -> dict[str, Any]:
    return {"row": row, "subject": subject, "unit": "r/s", "median": median}


def _run(ours: float, found: float | None, *, reached: bool | None) -> dict[str, Any]:
    figures = [_figure("resolve", MOCK, ours), _figure("resolve", BARE, 4000.0), _figure("save", MOCK, 50.0)]
    return {
        "machine": {"processor": "A", "load before": "0.1"},
        "figures": [*figures, _figure(stores.row_of(RESOLVE), stores.SQLITE, ours)],
        "goals": [{"goal": "fast", "wanted": "≥ 2 x", "found": found, "reached": reached}],
    }


RUNS = [_run(1000.0, 2.5, reached=True), _run(3000.0, 1.5, reached=False), _run(2000.0, None, reached=None)]


def test_a_figure_is_the_median_of_the_runs() -> None:
    """Each row has what each server did, and nothing where it was not asked."""
    lines = speed(RUNS).splitlines()
    assert "| resolve, r/s | 2,000 |  |  |  |  | 4,000 |" in lines
    assert "| save, r/s | 50.0 |  |  |  |  |  |" in lines


def test_a_goal_is_reached_where_every_run_reached_it() -> None:
    """Each run is shown, and one that missed, or did not measure, is enough to say so."""
    assert "| fast | ≥ 2 x | 2.50 x | 1.50 x |  | **not reached** |" in speed(RUNS).splitlines()
    assert "| fast | ≥ 2 x | 2.50 x | 2.50 x | reached |" in speed([RUNS[0], RUNS[0]]).splitlines()


def test_the_machine_is_named_without_its_load() -> None:
    """The load before a run differs from run to run."""
    assert speed(RUNS).endswith("\n\nprocessor A.")


def test_each_kind_of_store_has_a_size() -> None:
    """Stores that were left out have a line too, which is empty."""
    lines = sizing(RUNS).splitlines()
    assert f"| {stores.SQLITE} | 2,000 |  |  |" in lines
    assert f"| {stores.POSTGRESQL} |  |  |  |" in lines


def test_figures_take_the_place_of_figures() -> None:
    """Writing them twice is writing them once, and the text around them stays."""
    readme = "above\n<!-- figures of scripts/bench/results -->\nold\n<!-- end of figures -->\nbelow\n"
    once = published(readme, "new")
    assert once == published(once, "new")
    assert "old" not in once
    assert (True, True) == (once.startswith("above\n"), once.endswith("\nbelow\n"))


@pytest.mark.parametrize("readme", ["", "<!-- figures of scripts/bench/results -->"])
def test_a_readme_without_a_place_is_left_alone(readme: str) -> None:
    """Where the marks are missing, nothing is written."""
    with pytest.raises(ValueError, match="no place for figures"):
        published(readme, "new")


@pytest.mark.parametrize("path", READMES)
def test_a_readme_has_the_figures_of_the_runs_that_were_kept(path: Path) -> None:
    """No figure is typed."""
    readme = path.read_text("utf-8")
    assert readme == published(readme, READMES[path](runs()))


def test_three_whole_runs_were_kept() -> None:
    """None is a quick one, and none broke off."""
    assert [(False, True)] * 3 == [(run["quick"], run["complete"]) for run in runs()]
