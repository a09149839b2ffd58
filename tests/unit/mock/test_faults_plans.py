"""What can be asked for as a fault."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.faults import FaultPlan
from aitronos_mock.refusals import InvalidBody

from .faulting import OPERATIONS, RESOLVE, TRACK, Json, plan_of


@pytest.mark.parametrize(
    ("plan", "field", "message"),
    [
        ({}, "body", "must have one of latency_ms, status, drop, body"),
        ({"times": 1, "path": "*"}, "body", "must have one of latency_ms, status, drop, body"),
        ({"status": 503, "drop": "before"}, "drop", "does not go together with status"),
        ({"status": 503, "body": "slow"}, "body", "does not go together with status"),
        ({"drop": "before", "body": "slow"}, "body", "does not go together with drop"),
        ({"latency_ms": [2, 1]}, "latency_ms", "must begin with the shorter time"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(plan: Json, field: str, message: str) -> None:
    """The refusal names the field and what is wrong with it."""
    with pytest.raises(InvalidBody) as refused:
        FaultPlan.from_json(plan)

    assert [(field, message)] == [(error.field, error.message) for error in refused.value.errors]


_LATENCIES = st.integers(0, 60000) | st.lists(st.integers(0, 60000), min_size=2, max_size=2, unique=True).map(sorted)


_EFFECTS: list[Json] = [{}, {"status": 503}, {"drop": "before"}, {"body": "slow"}]


_CONDITIONS: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"latency_ms": _LATENCIES},
    optional={
        "operation": st.sampled_from(OPERATIONS),
        "path": st.text(min_size=1),
        "nth": st.integers(1),
        "times": st.integers(1),
        "probability": st.floats(0, 1),
    },
)


@given(_CONDITIONS, st.sampled_from(_EFFECTS))
def test_a_plan_can_be_read_and_written(conditions: Json, effect: Json) -> None:
    """What was asked for is listed as it was asked for."""
    plan = conditions | effect
    assert plan == FaultPlan.from_json(plan).to_json()


def test_the_repr_of_a_plan_is_without_its_path() -> None:
    """A path may hold a token."""
    assert "shr_secret" not in repr(plan_of(path="/v1/music/shared/shr_secret", status=503))


@pytest.mark.parametrize(
    ("form", "path", "matches"),
    [
        ("/v1/music/shared/*", RESOLVE, True),
        ("/v1/music/shared/*", f"{RESOLVE}/save", True),
        ("*/save", f"{RESOLVE}/save", True),
        ("*/save", RESOLVE, False),
        ("*", "", True),
        (RESOLVE, RESOLVE, True),
        (RESOLVE, f"{RESOLVE}k", False),
        ("/v1/*/tracks/*/share", TRACK, True),
        ("/v1/*/collections/*/share", TRACK, False),
        ("/v1/m.sic/*", TRACK, False),
        ("a*a", "a", False),
        ("a*\nb", "a\n\nb", True),
    ],
)
def test_a_star_stands_for_any_run_of_characters(form: str, path: str, matches: bool) -> None:
    """Everything else in the path of a plan stands for itself."""
    assert matches == plan_of(path=form, status=503).matches("resolveShare", path)


@given(st.text("ab*", min_size=1, max_size=8), st.text("ab", max_size=12))
def test_paths_match_as_the_obvious_pattern_says(form: str, path: str) -> None:
    """The pattern that does not go back finds what the one that does would find."""
    obvious = re.fullmatch(form.replace("*", ".*"), path) is not None
    assert obvious == plan_of(path=form, status=503).matches("resolveShare", path)


def test_a_path_full_of_stars_is_matched_without_going_back() -> None:
    """Hundreds of them against a long path end at once; the obvious pattern would never."""
    assert not plan_of(path="*a" * 500 + "b", status=503).matches("resolveShare", "a" * 16384)
