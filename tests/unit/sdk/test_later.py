"""Parts of the package that are loaded when they are needed."""

import subprocess
import sys

import pytest

from aitronos import _budget
from aitronos._later import Later


def test_what_is_asked_for_is_that_of_the_module() -> None:
    """The first time and every other."""
    later = Later("_budget")
    assert [later.Budget, later.Budget] == [_budget.Budget] * 2


def test_what_is_not_there() -> None:
    """A name that the module does not have is the module's to miss."""
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = Later("_budget").nothing


FIRST_CLIENT = """
import sys, aitronos
client = aitronos.Aitronos("key")
client._session.transport.client()
before = {"aitronos._generated", "aitronos.models", "aitronos._core", "aitronos._async_transport"} & sys.modules.keys()
client.music
print(before, "aitronos._generated" in sys.modules)
"""


def test_a_client_is_there_before_the_models_are() -> None:
    """A client is made, and its connections, without what only calls need."""
    result = subprocess.run([sys.executable, "-c", FIRST_CLIENT], capture_output=True, text=True, check=True)
    assert result.stdout == "set() True\n"
