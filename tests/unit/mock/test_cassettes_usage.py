"""A cassette is used where a test names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aitronos_mock.cassettes.usage import used_by

SOURCE = """
def test_resolve(): ...
class TestShare:
    def test_share(self): ...
use_cassette("shares/200-track.yaml")
"""


@pytest.mark.parametrize(
    "name",
    [
        "test_resolve.yaml",
        "test_module/test_resolve.yaml",
        "test_resolve[any case].yaml",
        "TestShare.test_share.yaml",
        "TestShare.test_share[a.b].yaml",
        "shares/200-track.yaml",
        "200-track.json",
    ],
)
def test_it_is_named(name: str, tmp_path: Path) -> None:
    """As a file, as a test, as a case of one, or as the test of a class."""
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "test_it.py").write_text(SOURCE, "utf-8")
    assert used_by(tmp_path)(name)


@pytest.mark.parametrize("name", ["test_resolve_twice.yaml", "resolve.yaml", "track.yaml", "[x].yaml"])
def test_it_is_not_named(name: str, tmp_path: Path) -> None:
    """A part of a word is no name, and other files than Python's do not count."""
    (tmp_path / "test_it.py").write_text(SOURCE, "utf-8")
    (tmp_path / "notes.md").write_text(name, "utf-8")
    assert not used_by(tmp_path)(name)
