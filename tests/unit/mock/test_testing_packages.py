"""What to do where a package is missing."""

from __future__ import annotations

import sys

import pytest

from aitronos_mock.testing import MissingPackage
from aitronos_mock.testing.packages import ADVICE, needed_for


@pytest.mark.parametrize("module", ADVICE)
def test_a_missing_package_is_named_with_advice(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """The message says what was asked for, what is missing, and how to get it."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackage) as caught, needed_for("this", module):
        __import__(module)
    assert f"this needs {module}, which is not installed; install {ADVICE[module]}" == str(caught.value)


def test_what_is_missing_within_a_package_is_another_matter() -> None:
    """No advice is given that would not help."""
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), needed_for("this", "httpx"):
        __import__("no_such_module")
