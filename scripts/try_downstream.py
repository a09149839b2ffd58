#!/usr/bin/env python3
"""Build both wheels, install them into this environment, and run the tests of the sample project against them.

    ./scripts/test -e downstream

An environment of its own is needed, which tox makes: the distributions that are installed in it are replaced.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "tests" / "downstream"
OURS = ("aitronos-sdk", "aitronos-mock-server", "share-page")


def python(*arguments: str, folder: Path = ROOT) -> None:
    """Run a module of this Python; where it fails, everything ends with its exit code."""
    ended = subprocess.run([sys.executable, "-m", *arguments], cwd=folder, check=False)
    if ended.returncode:
        sys.exit(ended.returncode)


def wheels(folder: Path) -> list[str]:
    """Build the wheels of both distributions."""
    for distribution in ("sdk", "mock_server"):
        python("hatchling", "build", "-t", "wheel", "-d", str(folder), folder=ROOT / distribution)
    return [str(wheel) for wheel in folder.glob("*.whl")]


def main() -> None:
    """Build, install, test."""
    with tempfile.TemporaryDirectory() as folder:
        # What is installed has the same version, which pip would take for the same files.
        python("pip", "uninstall", "--quiet", "--yes", *OURS)
        built = wheels(Path(folder))
        # What they need is there from the second run on, so that it needs no network.
        python(
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-build-isolation",
            *built,
            f"{SAMPLE}[test]",
        )
        python("pytest", *sys.argv[1:], folder=SAMPLE)


if __name__ == "__main__":
    main()
