"""Every answer that the contract shows an example of has a cassette, or a reason why it cannot have one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from aitronos_mock.cassettes import operations as contract
from aitronos_mock.cassettes.operations import Cause
from cassettes.scenarios import NOT_PROVOKED, SCENARIOS
from cassettes.tape import SUFFIX

from .replaying import CASSETTES

SHOWN = {scenario.cause for scenario in SCENARIOS if scenario.cause}


def uncovered(documented: set[Cause]) -> set[Cause]:
    """What has neither a cassette nor a reason."""
    return documented - SHOWN - NOT_PROVOKED.keys()


def orphans(folder: Path) -> set[str]:
    """Cassettes without a scenario, and scenarios without a cassette."""
    files = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob(f"*{SUFFIX}")}
    return files ^ {scenario.name for scenario in SCENARIOS}


def test_every_documented_cause_is_shown() -> None:
    """Operation by status by cause, as the examples of openapi.yaml list them."""
    assert uncovered(set(contract.examples())) == set()


def test_a_new_cause_would_be_missed() -> None:
    """An example that is added to the contract makes the test above fail."""
    new = Cause("resolveShare", 404, "never_heard_of")
    assert uncovered({*contract.examples(), new}) == {new}


def test_every_status_is_shown_or_has_a_reason() -> None:
    """No status of any operation is without an example, so that counting causes counts statuses."""
    declared = {(each.name, int(status)) for each in contract.operations() for status in each.responses}
    assert declared == {(cause.operation, cause.status) for cause in contract.examples()}


def test_nothing_is_shown_that_is_not_documented() -> None:
    """A scenario's cause, and a reason for having none, stand for an example that is there."""
    assert (SHOWN | NOT_PROVOKED.keys()) - contract.examples().keys() == set()


def test_a_reason_is_no_excuse_for_what_can_be_shown() -> None:
    """Whatever has a cassette is not on the list of what cannot have one, and every reason is a sentence."""
    assert SHOWN & NOT_PROVOKED.keys() == set()
    assert [reason for reason in NOT_PROVOKED.values() if not reason.endswith(".")] == []


def test_every_scenario_is_told_once() -> None:
    """Names and causes are unique, since a name is a file."""
    names = Counter(scenario.name for scenario in SCENARIOS)
    causes = Counter(scenario.cause for scenario in SCENARIOS if scenario.cause)
    assert [each for each, times in (names + causes).items() if times > 1] == []


def test_files_and_scenarios_are_the_same_set() -> None:
    """No cassette is unused, and no scenario is without one."""
    assert orphans(CASSETTES) == set()


@pytest.mark.parametrize("name", ["stories/left-over", "shareTrack/404-forgotten"])
def test_a_stray_cassette_is_found(name: str, tmp_path: Path) -> None:
    """A file that no scenario names is an orphan, and so is a scenario without a file."""
    stray = tmp_path / f"{name}{SUFFIX}"
    stray.parent.mkdir()
    stray.touch()
    assert orphans(tmp_path) == {name, *(scenario.name for scenario in SCENARIOS)}
