#!/usr/bin/env python3
"""Hold the coverage of all environments against what pyproject.toml demands.

Where the machine has no server to test a module with, the module is left out, and the last lines say so.
"""

from __future__ import annotations

import subprocess
import sys

from find_postgresql import find_postgresql
from find_valkey import find_valkey

_PATTERNS = {
    "PostgreSQL": "*/aitronos_mock/store/postgresql.py,*/aitronos_mock/replicas/*",
    "Valkey or Redis": "*/aitronos_mock/shared_limits/*",
}
"""What is tested with a server, by its name."""


def main() -> int:
    """Report; the exit code is that of coverage."""
    found = {"PostgreSQL": find_postgresql(), "Valkey or Redis": find_valkey()}
    left_out = {name: pattern for name, pattern in _PATTERNS.items() if found[name] is None}
    omit = [f"--omit={','.join(left_out.values())}"] if left_out else []
    reported = subprocess.run([sys.executable, "-m", "coverage", "report", *omit], check=False)
    for name, pattern in left_out.items():
        print(f"!!! LEFT OUT of the coverage gate: {pattern}, because there is no {name} here")
    return reported.returncode


if __name__ == "__main__":
    sys.exit(main())
