#!/usr/bin/env python3
"""Print the folder of PostgreSQL's commands that the tests start a server with; exit with 1 where there is none."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

_NEEDED = ("initdb", "pg_ctl", "postgres")


def find_postgresql() -> Path | None:
    """The folder of its commands: on the path, or where Debian keeps them, the latest version first."""
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders = [Path(found).parent for found in [which("initdb")] if found] + sorted(debian, key=_version, reverse=True)
    return next((folder for folder in folders if all((folder / name).exists() for name in _NEEDED)), None)


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0


if __name__ == "__main__":
    postgresql = find_postgresql()
    if postgresql is None:
        sys.exit(1)
    print(postgresql)
