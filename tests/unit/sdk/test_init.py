"""The package's face: its names, loaded when used."""

import subprocess
import sys

import pytest

import aitronos


@pytest.mark.parametrize("name", aitronos.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """What is announced exists and can be listed."""
    assert getattr(aitronos, name) is not None
    assert name in dir(aitronos)


def test_unknown_name() -> None:
    """A name that is not there is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="module 'aitronos' has no attribute 'nothing'"):
        _ = aitronos.nothing


def test_every_class_is_documented() -> None:
    """help() has something to say about all of it."""
    assert [name for name in aitronos.__all__ if not getattr(aitronos, name).__doc__] == []


def test_import_loads_nothing() -> None:
    """Importing the package imports neither httpx nor attrs; naming a client does."""
    script = "import sys, aitronos; print(sorted({'httpx', 'attrs', 'anyio', 'click'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


def test_errors_load_without_httpx() -> None:
    """Whoever only catches errors does not pay for the network."""
    script = "import sys, aitronos; aitronos.NotFoundError; print('httpx' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "False\n"
