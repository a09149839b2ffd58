#!/usr/bin/env python3
"""Record the cassettes of the contract tests, scrub them, and verify that no secret is left.

    python scripts/record_cassettes.py                  from mocks that are started for it
    python scripts/record_cassettes.py --check          write nothing; exit 1 with a diff where a cassette is stale
    python scripts/record_cassettes.py --base-url URL   from a server that runs already

A server that runs already is called with the keys and tokens in the environment and the identifiers in options or in
the environment; see --help. Scenarios for which something is missing are left out, and named. Titles and names of what
is shared there stand in the cassettes as they are.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from aitronos import AitronosError
from aitronos_mock.cassettes import STAMPS, StampsError
from aitronos_mock.cassettes.stamps import read_stamps, restamp
from cassettes.recording import LeakError, Recorded, WorldOf, cassette_path, record_all
from cassettes.scenarios import BrokenOffError
from cassettes.scrubbing import UnscrubbableError
from cassettes.tape import SUFFIX
from cassettes.targets import TargetError, live, mocks
from cassettes.world import Thing

ROOT = Path(__file__).resolve().parent.parent
CASSETTES = ROOT / "tests" / "contract" / "cassettes"
PREFIX = "AITRONOS_CASSETTES_"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    variables = "\n".join(f"  {PREFIX}{thing.name:24} {thing.meaning}" for thing in Thing if thing.is_secret)
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=f"environment, with --base-url:\n{variables}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    parser.add_argument("--into", type=Path, default=CASSETTES, metavar="FOLDER", help="where the cassettes are")
    parser.add_argument("--base-url", metavar="URL", help="record from this server")
    for thing in Thing:
        if not thing.is_secret:
            option = f"--{thing.name.lower().replace('_', '-')}"
            parser.add_argument(option, metavar="ID", help=f"with --base-url: {thing.meaning}, or {PREFIX}{thing.name}")
    return parser.parse_args()


def target(options: argparse.Namespace) -> AbstractContextManager[WorldOf]:
    """What to record from."""
    if options.base_url is None:
        return mocks()
    given = {thing: getattr(options, thing.name.lower(), None) for thing in Thing}
    values = {thing: value or os.environ.get(PREFIX + thing.name) for thing, value in given.items()}
    return nullcontext(live(options.base_url, {thing: value for thing, value in values.items() if value}))


def texts(folder: Path) -> dict[str, str]:
    """Every cassette of a folder by its name."""
    paths = sorted(folder.rglob(f"*{SUFFIX}"))
    return {path.relative_to(folder).with_suffix("").as_posix(): path.read_bytes().decode() for path in paths}


def differences(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a unified diff over all cassettes."""
    for name in sorted(before.keys() | after.keys()):
        old, new = (texts.get(name, "").splitlines(keepends=True) for texts in (before, after))
        yield from difflib.unified_diff(old, new, f"{name} (present)", f"{name} (recorded)")


def write(folder: Path, before: dict[str, str], after: dict[str, str]) -> None:
    """Bring the folder from `before` to `after`, touching only what changed."""
    for name in before.keys() - after.keys():
        cassette_path(folder, name).unlink()
    for name, text in after.items():
        if before.get(name) != text:
            path = cassette_path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())


def stamp(folder: Path, recorded: Recorded, after: dict[str, str]) -> None:
    """Take down that what was recorded is of today, and of the contract of today."""
    fresh, all_ = ([f"{name}{SUFFIX}" for name in names] for names in (recorded.names, after))
    restamp(folder, fresh, all_, datetime.now(UTC).date())


def conclude(options: argparse.Namespace, recorded: Recorded, after: dict[str, str]) -> int:
    """Write or compare, and say what was left out."""
    # Stamps that cannot be read shall stop this before anything is written.
    read_stamps(options.into)
    # What could not be recorded here stays as it is.
    before = texts(options.into)
    after = {name: before[name] for name in recorded.skipped if name in before} | after
    diff = "".join(differences(before, after))
    for name, reason in recorded.skipped.items():
        print(f"!!! LEFT OUT {name}: {reason}", file=sys.stderr)
    if options.check and diff:
        print(diff, "Stale: run `python scripts/record_cassettes.py` and commit.", sep="\n")
        return 1
    if not options.check:
        write(options.into, before, after)
        stamp(options.into, recorded, after)
    state = "rewritten" if diff else "up to date"
    print(f"Cassettes are {state}: {len(recorded.names)} recorded, {len(recorded.skipped)} left out.")
    return 0


def main() -> int:
    """Record, and write or check."""
    options = arguments()
    try:
        with tempfile.TemporaryDirectory() as folder, target(options) as world_of:
            recorded = record_all(Path(folder), world_of)
            return conclude(options, recorded, texts(Path(folder)))
    except StampsError as error:
        print(f"{Path(sys.argv[0]).name}: {options.into / STAMPS} {error}; nothing was written", file=sys.stderr)
        return 2
    except (AitronosError, BrokenOffError, LeakError, TargetError, UnscrubbableError) as error:
        print(f"{Path(sys.argv[0]).name}: {error}; nothing was written", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
