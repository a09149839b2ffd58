#!/usr/bin/env python3
"""Show how often tests brought about each example of the contract, and fail for one that nobody did.

    python scripts/contract_coverage.py FOLDER

FOLDER holds what the tests counted, which they do where the environment variable CONTRACT_COVERAGE names it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aitronos_mock.cassettes.operations import examples
from exercised.counting import gathered, shown, unseen


def main() -> int:
    """Print the table, and say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the counts are")
    folder = parser.parse_args().folder
    try:
        counts = gathered(folder)
    except (OSError, ValueError):
        print(f"{Path(sys.argv[0]).name}: {folder} holds what is no count; remove it and test again", file=sys.stderr)
        return 2
    if not counts:
        print(f"{Path(sys.argv[0]).name}: there are no counts in {folder}; test first", file=sys.stderr)
        return 2
    missing = list(unseen(examples(), counts))
    print(shown(examples(), counts))
    print(f"{len(examples()) - len(missing)} of {len(examples())} examples of the contract were brought about.")
    for cause in missing:
        print(f"No test brings about {cause.operation} {cause.status} {cause.name}.")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
