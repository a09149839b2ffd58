"""What is published of the mock."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from aitronos_mock import recorded

SOURCES = Path(__file__).parents[3] / "mock_server"
CASSETTES = Path("aitronos_mock", "recorded", "cassettes")


def build(sources: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Build sdist and wheel with the backend that is installed, so that the network is not needed."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
    return subprocess.run(command, capture_output=True, text=True, cwd=sources, check=False)


@pytest.fixture
def without_links(tmp_path: Path) -> Path:
    """The sources as git writes them where there are no symbolic links."""
    sources = tmp_path / "mock_server"
    shutil.copytree(SOURCES, sources, ignore=shutil.ignore_patterns(CASSETTES.name, "__pycache__"))
    # That left out the linter of cassettes too, which is no part of a build.
    (sources / CASSETTES).write_text("../../../tests/contract/cassettes", "utf-8")
    return sources


def test_the_recorded_answers_are_packed(tmp_path: Path) -> None:
    """Every one is in the wheel and in the sdist, from which others build."""
    built = build(SOURCES, tmp_path)

    assert 0 == built.returncode, built.stderr
    [wheel], [sdist] = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        in_sdist = [name.partition("/")[2] for name in archive.getnames()]
    expected = {(CASSETTES / f"{name}.yaml").as_posix() for name in recorded.names()}
    assert expected
    assert [set(), set()] == [expected - {*names} for names in (zipfile.ZipFile(wheel).namelist(), in_sdist)]


def test_a_package_without_the_recorded_answers_is_not_built(without_links: Path, tmp_path: Path) -> None:
    """Where git made a file of the link, the build stops and says what to do."""
    built = build(without_links, tmp_path / "dist")

    assert 0 != built.returncode
    assert "aitronos_mock/recorded/cassettes is no folder" in built.stderr
    assert "git -c core.symlinks=true clone" in built.stderr
    assert "Traceback" not in built.stderr
    assert [] == [*tmp_path.glob("dist/*")]
