#!/usr/bin/env python3
"""Print the Chromium that the browser tests drive; exit with 1 where there is none."""

from __future__ import annotations

import os
import sys
from shutil import which

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The command that the environment variable CHROMIUM names, or the first one of the usual names on the path."""
    named = os.environ.get("CHROMIUM")
    found = map(which, [named] if named else _COMMANDS)
    return next(filter(None, found), None)


if __name__ == "__main__":
    chromium = find_chromium()
    if chromium is None:
        sys.exit(1)
    print(chromium)
