#!/usr/bin/env python3
"""Lint the cassettes of this repository: contract, secrets, stamps and orphans.

    python scripts/lint_cassettes.py            those of the contract tests
    python scripts/lint_cassettes.py FOLDER     those of another folder, by the same rules

It asks more than `aitronos-mock lint-cassettes` does of anybody's: nothing may be missing, no host but the documented
ones may be named, and each cassette belongs to a scenario. The exit code is 1 where there is an error.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import click

from aitronos_mock.commands.cassettes import judge
from cassettes.policy import POLICY
from record_cassettes import CASSETTES


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=CASSETTES, help="where the cassettes are")
    parser.add_argument("--max-age-days", type=int, default=POLICY.max_age_days, metavar="N", help="older is stale")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    return parser.parse_args()


def main() -> int:
    """Lint, and say what was found."""
    options = arguments()
    try:
        return judge(options.folder, replace(POLICY, max_age_days=options.max_age_days), as_json=options.json)
    except click.ClickException as error:
        print(f"{Path(sys.argv[0]).name}: {error.format_message()}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
