"""Fixtures as test suites have them: data, or a file."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from .errors import MockError


def world_of(fixture: Mapping[str, Any] | str | PathLike[str]) -> object:
    """The data of a fixture, or those in a file: JSON where its name ends in .json, else YAML. The mock judges them.

    Raises:
        MockError: The file cannot be read.
    """
    if isinstance(fixture, Mapping):
        return fixture
    # Slow to import, and needed for files alone.
    from ..fixtures import FixtureError, read_data

    path = Path(fixture)
    try:
        return read_data(path.read_bytes(), name=str(path))
    except (OSError, FixtureError) as error:
        raise MockError(f"cannot read the fixture {path}: {getattr(error, 'strerror', None) or error}") from None
