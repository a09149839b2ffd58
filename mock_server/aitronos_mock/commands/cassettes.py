"""The command that judges other people's cassettes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..cassettes import MAX_AGE_DAYS, STAMPS, StampsError
from ..clock import SystemClock

if TYPE_CHECKING:
    from ..cassettes.linting import Policy

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("lint-cassettes")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--used-by", metavar="DIR", type=_FOLDER, help="List cassettes that no Python file in here names.")
@click.option("--allow", metavar="FILE", type=_FILE, help="Values that are no secrets, one in each line.")
@click.option("--host", "hosts", multiple=True, help="Name no other host than this one. May be repeated.")
@click.option("--complete", is_flag=True, help="Demand credentials and documented headers, which recorders may remove.")
@click.option(
    "--max-age-days",
    default=MAX_AGE_DAYS,
    show_default=True,
    type=click.IntRange(0),
    help="What was recorded longer ago is stale.",
)
@click.option("--stamp", is_flag=True, help="Take down that sound ones, if new or changed, were recorded today.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def lint_cassettes(
    folder: Path,
    used_by: Path | None,
    allow: Path | None,
    hosts: tuple[str, ...],
    complete: bool,
    max_age_days: int,
    stamp: bool,
    as_json: bool,
) -> int:
    """Hold recorded cassettes of vcrpy, in YAML or JSON, against the contract.

    Looks for secrets too, and for what is stale or unused. The exit code is 1 where there is an error; warnings alone
    do not count.
    """
    # Slow to import, and not needed for help.
    from ..cassettes.known import Known, listed_values
    from ..cassettes.linting import Policy
    from ..cassettes.usage import used_by as named_in

    with _plain_failures():
        known = Known(listed_values(allow) if allow else frozenset(), frozenset(hosts) or None)
        policy = Policy(known, complete, max_age_days, named_in(used_by) if used_by else None)
    return judge(folder, policy, stamp=stamp, as_json=as_json)


def judge(folder: Path, policy: Policy, *, stamp: bool = False, as_json: bool = False) -> int:
    """Lint a folder, print the report, and give the exit code.

    Args:
        folder: Where the cassettes are.
        policy: What is asked of them.
        stamp: Whether sound ones that are new or changed are stamped first.
        as_json: Whether programs read the report, not people.

    Raises:
        ClickException: If there is nothing to lint, or a file cannot be read or written.
    """
    from ..cassettes.linting import cassettes_in, lint
    from ..cassettes.stamps import restamp
    from ..cassettes.telling import told

    with _plain_failures():
        if not cassettes_in(folder):
            raise click.UsageError(f"There is no cassette in {folder}; name the folder that they are in.")
        today = datetime.fromtimestamp(SystemClock().time(), UTC).date()
        report = lint(folder, policy, today)
        if stamp:
            restamp(folder, report.to_stamp, report.cassettes, today)
            report = lint(folder, policy, today)
    click.echo(told(report, as_json=as_json))
    return 1 if report.count("error") else 0


@contextmanager
def _plain_failures() -> Iterator[None]:
    """Say in a line what a file denies."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.ClickException("the list of allowed values is no text in UTF-8") from None
    except StampsError as error:
        raise click.ClickException(f"{STAMPS} {error}") from None
