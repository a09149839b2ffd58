"""The published schema of fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

import aitronos_mock.fixtures
from aitronos_mock.domain.licences import LICENCE_CLASSES
from aitronos_mock.domain.models import Visibility
from aitronos_mock.fixtures import SEEDS
from aitronos_mock.fixtures.schema import fixture_schema
from aitronos_mock.fixtures.shapes import (
    CollectionShape,
    DeterministicShape,
    FixtureShape,
    LibraryEdgeShape,
    LicenceShape,
    NextIdsShape,
    NextShareLinkShape,
    OrganizationShape,
    ShareLinkShape,
    TrackShape,
    UserShape,
)

PACKAGE = resources.files(aitronos_mock.fixtures)
SHAPES: dict[str, Any] = {
    "organization": OrganizationShape,
    "user": UserShape,
    "track": TrackShape,
    "licence": LicenceShape,
    "collection": CollectionShape,
    "share_link": ShareLinkShape,
    "library_edge": LibraryEdgeShape,
    "next_ids": NextIdsShape,
    "next_share_link": NextShareLinkShape,
    "deterministic": DeterministicShape,
}


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of the schema, by name."""
    schema = fixture_schema()
    yield "fixture", schema
    for name, definition in schema["$defs"].items():
        if definition["type"] == "object":
            yield name, definition


def test_is_a_schema() -> None:
    """The schema is one of draft 2020-12."""
    assert fixture_schema()["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(fixture_schema())


@pytest.mark.parametrize("name", [name for name, _ in objects()])
def test_is_closed_and_described(name: str) -> None:
    """Every object refuses unknown fields, and every field is described."""
    definition = dict(objects())[name]

    assert definition["additionalProperties"] is False
    assert [name for name, field in definition["properties"].items() if not field.get("description")] == []


def test_definitions_are_described() -> None:
    """Every definition is described, since refusals quote the description."""
    assert [name for name, definition in fixture_schema()["$defs"].items() if not definition.get("description")] == []


def test_every_object_has_a_type() -> None:
    """No object of the schema lacks a type, and no type an object."""
    assert {"fixture", *SHAPES} == {name for name, _ in objects()}


@pytest.mark.parametrize("name", SHAPES)
def test_types_follow_the_schema(name: str) -> None:
    """The types that the code works with have the schema's fields, required and optional."""
    definition, shape = fixture_schema()["$defs"][name], SHAPES[name]

    assert shape.__required_keys__ == set(definition.get("required", []))
    assert shape.__required_keys__ | shape.__optional_keys__ == set(definition["properties"])


def test_fixture_type_follows_the_schema() -> None:
    """A whole fixture's type has the schema's fields, all of them optional."""
    assert FixtureShape.__optional_keys__ == set(fixture_schema()["properties"]) - {"$schema"}
    assert FixtureShape.__required_keys__ == set()


def test_enumerations_follow_the_domain() -> None:
    """The schema's choices are the domain's."""
    definitions = fixture_schema()["$defs"]

    assert definitions["licence"]["properties"]["licence_class"]["enum"] == list(LICENCE_CLASSES)
    assert definitions["share_link"]["properties"]["visibility"]["enum"] == list(get_args(Visibility))


@pytest.mark.parametrize("seed", SEEDS)
def test_seeds_are_ordinary_yaml(seed: str) -> None:
    """Any YAML 1.1 reader and any validator take the built-in fixtures, so that they serve as examples."""
    data = yaml.safe_load(PACKAGE.joinpath("seeds", f"{seed}.yaml").read_text("utf-8"))

    assert list(Draft202012Validator(fixture_schema()).iter_errors(data)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_seeds_name_the_schema(seed: str) -> None:
    """The built-in fixtures tell editors where the schema is."""
    first_line = PACKAGE.joinpath("seeds", f"{seed}.yaml").read_text("utf-8").splitlines()[0]
    reference = first_line.removeprefix("# yaml-language-server: $schema=")

    assert Path(str(PACKAGE), "seeds", reference).is_file()
