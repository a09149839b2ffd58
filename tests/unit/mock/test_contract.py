"""The descriptions that the package carries."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml
from connexion.exceptions import InvalidSpecification

from aitronos_mock import contract as packaged
from aitronos_mock._connexion import Specification

DESCRIPTIONS = ("openapi.yaml", "media/openapi.yaml", "control/openapi.yaml")


def test_the_packaged_contract_is_the_contract(contract: Any) -> None:
    """What the mock serves is described by a copy of openapi.yaml, not by another version."""
    assert contract.root == packaged.load()


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_a_description_says_the_same_in_both_formats(path: str) -> None:
    """What is read at a start is what people read."""
    assert yaml.safe_load(files("aitronos_mock").joinpath(path).read_text("utf-8")) == packaged.load(path)


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_connexion_holds_each_description_to_be_valid(path: str) -> None:
    """A start need not ask connexion for what stands here: that each description keeps the schema of OpenAPI."""
    description = packaged.load(path)
    specification: Specification = Specification.load(description)  # type: ignore[no-untyped-call] # its own omission

    assert description == specification.raw


def test_connexion_would_find_fault_with_another_description() -> None:
    """The test above can fail."""
    with pytest.raises(InvalidSpecification, match="required property"):
        Specification.load({**packaged.load(), "info": {}})  # type: ignore[no-untyped-call] # its own omission


def test_each_load_is_the_callers_own() -> None:
    """Whoever changes what was loaded changes nothing for others."""
    packaged.load()["paths"].clear()

    assert packaged.load()["paths"]
