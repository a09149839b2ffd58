"""A mock of one's own for every module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .serving import running_mock


@pytest.fixture(scope="module")
def mock_url() -> Iterator[str]:
    """The URL of a mock that was started for this module, with the documentation's own world."""
    with running_mock("--seed", "docs") as url:
        yield url
