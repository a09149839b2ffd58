"""The command `verify`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..commands.session import control_token, is_base_url
from .given import MEANINGS, NAMES, Given, NotGivable, is_secret, merged, read, variable

if TYPE_CHECKING:
    from .running import Verdict

_Command = Callable[..., Any]


class _Target(click.ParamType[str]):
    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not is_base_url(value):
            # It is not repeated: a URL may hold a password.
            self.fail("this is no URL of a server; write it as http://127.0.0.1:8000", param, ctx)
        return value.rstrip("/")


class _Output(click.ParamType[Path]):
    name = "FILE"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        try:
            # Now, since a report that cannot be written in the end would be lost.
            Path(value).open("a").close()
        except OSError as error:
            self.fail(f"cannot be written: {error.strerror}", param, ctx)
        return Path(value)


def _with_ids(command: _Command) -> _Command:
    """Give the command an option for each id; keys and tokens have none, as every list of processes would show them."""
    for name in reversed(NAMES):
        if not is_secret(name):
            command = click.option(f"--{name.replace('_', '-')}", name, metavar="ID", help=f"{MEANINGS[name]}.")(
                command
            )
    return command


@click.command()
@click.option("--target", required=True, type=_Target(), help="The server to verify.")
@click.option(
    "--world",
    type=click.File("rb"),
    metavar="FILE",
    help="Keys, ids and tokens by name, in YAML or JSON; - is stdin.",
)
@_with_ids
@click.option("--destructive", is_flag=True, help="Try also what mints links, saves, and uses the rate limit up.")
@click.option("--strict", is_flag=True, help="Count a row that cannot be tried as one that fails.")
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1, 600),
    metavar="SECONDS",
    help="How long an answer may take as a whole.",
)
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(("table", "json", "junit")),
    help="What the report looks like.",
)
@click.option("--output", type=_Output(), help="Write the report into this file, not on stdout.")
def verify(
    target: str,
    world: Any,
    destructive: bool,
    strict: bool,
    timeout: float,
    form: str,
    output: Path | None,
    **ids: str | None,
) -> int:
    """Try every behaviour of the contract on a server that claims it.

    A mock is all that has to be named: a sandbox of its own is made and thrown away. Of any other server, rows need
    keys, ids and tokens: by --world, by environment variables such as AITRONOS_VERIFY_OWNER_KEY, ids by options too.

    \b
    Exit codes: 0 no row fails   1 a row fails   2 wrong usage, or nobody answers
    """  # noqa: D301 - \b is click's sign for lines to be left as they are
    verdicts = _verdicts(target, _given(world, ids), timeout, is_destructive=destructive)
    from .report import REPORTS

    report = REPORTS[form](target, verdicts)
    if output is None:
        encoding = sys.stdout.encoding
        click.echo(report.encode(encoding, "backslashreplace").decode(encoding))
    else:
        output.write_text(f"{report}\n", "utf-8")
    return int(any(_counts_as_failure(each, strict) for each in verdicts))


def _given(world: Any, options: dict[str, str | None]) -> Given:
    """Options before environment before file."""
    environment = {name: os.environ.get(variable(name)) for name in NAMES}
    try:
        file = {} if world is None else read(_data(world))
        return merged(file, environment, options)
    except NotGivable as reason:
        raise click.ClickException(str(reason)) from None


def _data(world: Any) -> Any:
    from ..fixtures import FixtureError, read_data

    try:
        return read_data(world.read(), name=world.name)
    except FixtureError as error:
        raise click.ClickException(str(error)) from None


def _verdicts(url: str, given: Given, timeout: float, *, is_destructive: bool) -> list[Verdict]:
    # Slow to import, and not needed for help.
    from .http import Http
    from .rows import ROWS
    from .running import Silent, tried
    from .target import Unusable, found, refused_keys
    from .wire import Unanswered

    try:
        with found(url, given, Http(timeout), is_destructive=is_destructive, token=control_token()) as target:
            _warn(refused_keys(target))
            return _with_progress(tried(ROWS, target), len(ROWS))
    except Unusable as reason:
        raise click.ClickException(str(reason)) from None
    except (Silent, Unanswered) as reason:
        raise click.ClickException(f"{url} stopped answering ({reason}); the run is broken off") from None


def _warn(refused: Iterable[str]) -> None:
    for name in refused:
        click.echo(f"aitronos-mock: the server refuses {variable(name)} (401); rows that need it will fail", err=True)


def _with_progress(verdicts: Iterable[Verdict], number: int) -> list[Verdict]:
    if not sys.stderr.isatty():
        return list(verdicts)
    with click.progressbar(verdicts, length=number, label="verify", file=sys.stderr, item_show_func=_shown) as bar:
        return list(bar)


def _shown(verdict: Verdict | None) -> str | None:
    return None if verdict is None else verdict.row.id


def _counts_as_failure(verdict: Verdict, strict: bool) -> bool:
    from .running import FAIL, PASS

    return verdict.result != PASS if strict else verdict.result == FAIL
