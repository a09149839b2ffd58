#!/usr/bin/env python3
"""Exit with 0 if tox would find a Python of the version that is asked for, else with 1."""

from __future__ import annotations

import sys

from virtualenv.discovery.builtin import get_interpreter

if __name__ == "__main__":
    sys.exit(get_interpreter(f"python{sys.argv[1]}", []) is None)
