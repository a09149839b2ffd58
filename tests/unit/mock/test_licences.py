"""What a licence class allows."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock.domain.licences import LICENCE_CLASSES, allows_commercial_use


@pytest.mark.parametrize(
    ("licence_class", "allowed"),
    [
        ("commercial_cleared", True),
        ("commercial_enterprise", True),
        ("personal_only", False),
        ("unclear", False),
        ("commercial_to_come", False),
        ("COMMERCIAL_CLEARED", False),
        ("", False),
    ],
)
def test_commercial_use_is_never_overstated(licence_class: str, allowed: bool) -> None:
    """The two commercial classes allow commercial use; every other one, known or not, does not."""
    assert allowed == allows_commercial_use(licence_class)


def test_the_known_classes_are_those_of_the_contract(contract: Any) -> None:
    """The classes named here and those that openapi.yaml enumerates are the same."""
    schemas = contract.root["components"]["schemas"]

    assert tuple(schemas["LicenceClass"]["enum"]) == LICENCE_CLASSES
