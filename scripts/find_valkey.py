#!/usr/bin/env python3
"""Print the server of Valkey or Redis that the tests start; exit with 1 where there is none."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

_NAMES = ("valkey-server", "redis-server")


def find_valkey() -> Path | None:
    """The command that starts a server: Valkey's, or Redis', whose protocol is the same."""
    found = next(filter(None, map(which, _NAMES)), None)
    return Path(found) if found else None


if __name__ == "__main__":
    valkey = find_valkey()
    if valkey is None:
        sys.exit(1)
    print(valkey)
