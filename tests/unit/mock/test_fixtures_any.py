"""Whatever a fixture says, it is a world or it is refused in one line."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aitronos_mock.fixtures
from aitronos_mock.fixtures import Fixture, FixtureError, fixture_of, parse_fixture, seed_fixture
from aitronos_mock.fixtures.documents import read_document
from aitronos_mock.fixtures.yaml_parts import yaml_parts

NOW = 1_782_642_600
TEXT = resources.files(aitronos_mock.fixtures).joinpath("seeds", "docs.yaml").read_text("utf-8")
DATA: Any = read_document(TEXT, "docs.yaml", yaml_parts).data
SECRETS = [key for user in DATA["users"] for key in user["api_keys"]] + [link["token"] for link in DATA["share_links"]]

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How busy the machine is decides nothing."""

Place = tuple[str | int, ...]
Bend = Callable[[Any, str | int, Any], None]


def as_json(data: Any) -> str:
    """The data as JSON in ASCII."""
    return json.dumps(data, indent="\t")


def as_yaml(data: Any) -> str:
    """The data as YAML in blocks, with every string in quotes."""
    return "".join(f"{line}\n" for line in yaml_lines(data))


def yaml_lines(data: Any) -> Iterator[str]:
    """The lines of `as_yaml`."""
    if not isinstance(data, dict | list) or not data:
        yield json.dumps(data, ensure_ascii=False) if not isinstance(data, str) else json.dumps(data)
        return
    members = data.items() if isinstance(data, dict) else ((None, item) for item in data)
    for name, member in members:
        yield "-" if name is None else f"? {json.dumps(name)}\n:"
        yield from (f" {line}" for line in "\n".join(yaml_lines(member)).split("\n"))


def places(data: Any, place: Place = ()) -> Iterator[Place]:
    """Every place in the data but the outermost."""
    steps: Any = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for step in steps:
        yield (*place, step)
        yield from places(data[step], (*place, step))


def at(data: Any, place: Place) -> Any:
    """What stands at a place."""
    for step in place:
        data = data[step]
    return data


def replace(parent: Any, step: str | int, value: Any) -> None:
    """Put something else there."""
    parent[step] = value


def drop(parent: Any, step: str | int, _: Any) -> None:
    """Leave it out."""
    del parent[step]


def double(parent: Any, step: str | int, _: Any) -> None:
    """Put it there twice, once in the wrong place if need be."""
    if isinstance(parent, list):
        parent.append(parent[int(step)])
    else:
        parent[f"{step}s"] = parent[step]


PLACES = list(places(DATA))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FITTING = st.sampled_from(PLACES).map(lambda place: copy.deepcopy(at(DATA, place)))
"""A value from elsewhere in the fixture: more often of the right form than any."""


@st.composite
def bent_fixtures(draw: st.DrawFn) -> Any:
    """The documentation's world with up to three changes."""
    data = copy.deepcopy(DATA)
    for _ in range(draw(st.integers(1, 3))):
        *parents, step = draw(st.sampled_from(list(places(data)) or [("organizations",)]))
        bend: Bend = draw(st.sampled_from([replace, drop, double]))
        bend(at(data, tuple(parents)), step, draw(ANYTHING | FITTING))
    return data


def outcome(text: str, name: str) -> Fixture | str:
    """The fixture of a text, or the reason of its refusal."""
    try:
        return parse_fixture(text, name=name, now=NOW)
    except FixtureError as refusal:
        return plain_reason(refusal, name)


def plain_reason(refusal: FixtureError, name: str) -> str:
    """The reason without numbers of lines; its message is held to name the line, be one line and hold no secret."""
    message = str(refusal)
    assert message == f"{name}:{refusal.line}: {refusal.reason}"
    assert len(message.splitlines()) == 1
    assert [secret for secret in SECRETS if secret in message] == []
    return re.sub(r"\bline \d+", "another line", refusal.reason)


def outcome_of_data(data: Any) -> Fixture | str:
    """The fixture of decoded data, or the reason of its refusal; its message is held to begin with the path."""
    try:
        return fixture_of(data, now=NOW)
    except FixtureError as refusal:
        return pathless_reason(refusal)


def pathless_reason(refusal: FixtureError) -> str:
    """The reason with a line for a second path; it is held to be the message, begin with the path, hold no secret."""
    assert (None, None, refusal.reason) == (refusal.file, refusal.line, str(refusal))
    assert refusal.path is not None
    assert refusal.reason.startswith(refusal.path or "the fixture ")
    assert [] == [secret for secret in SECRETS if secret in refusal.reason]
    return re.sub(r"\brepeats \S+:", "repeats another line:", refusal.reason)


@UNTIMED
@given(data=bent_fixtures())
def test_any_data(data: Any) -> None:
    """Any change of a fixture's data gives a fixture or a refusal, and the same one as JSON, as YAML and decoded."""
    judged = outcome(as_json(data), "w.json")

    assert judged == outcome(as_yaml(data), "w.yaml")
    assert judged == outcome_of_data(data)


@UNTIMED
@given(
    start=st.integers(0, len(TEXT)),
    length=st.integers(0, 30),
    patch=st.text(max_size=5) | st.text("[]{}:,-#&*!|>'\"%@` \n\t0aé\\", max_size=5),
)
def test_any_yaml(start: int, length: int, patch: str) -> None:
    """Any change of a YAML text gives a fixture or a refusal."""
    assert isinstance(outcome(TEXT[:start] + patch + TEXT[start + length :], "w.yaml"), Fixture | str)


@UNTIMED
@given(start=st.integers(0, len(as_json(DATA))), length=st.integers(0, 30), patch=st.text(max_size=5))
def test_any_json(start: int, length: int, patch: str) -> None:
    """Any change of a JSON text gives a fixture or a refusal."""
    text = as_json(DATA)

    assert isinstance(outcome(text[:start] + patch + text[start + length :], "w.json"), Fixture | str)


@pytest.mark.parametrize(("spell", "name"), [(as_json, "w.json"), (as_json, "w.JSON"), (as_yaml, "w.yaml")])
def test_spelling_makes_no_difference(spell: Callable[[Any], str], name: str) -> None:
    """The same data is the same world, in JSON and in YAML."""
    assert seed_fixture("docs", now=NOW) == outcome(spell(DATA), name)
