"""The descriptions that the package carries."""

from __future__ import annotations

from typing import Any

from aitronos_mock import contract as packaged


def test_the_packaged_contract_is_the_contract(contract: Any) -> None:
    """What the mock serves is described by a copy of openapi.yaml, not by another version."""
    assert contract.root == packaged.load()


def test_each_load_is_the_callers_own() -> None:
    """Whoever changes what was loaded changes nothing for others."""
    packaged.load()["paths"].clear()

    assert packaged.load()["paths"]
