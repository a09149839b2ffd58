"""The command `aitronos-mock`."""

from __future__ import annotations

import gc
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from . import logs
from .clock import SystemClock, settable_moment
from .commands.failures import NAME, Refused, give_up
from .guards.names import host_of, network_of, origin_of, token_of
from .guards.options import GuardOptions
from .limits import Rate
from .media import TTL_SECONDS

_LEVELS = ("debug", "info", "warning", "error")


class _RateOption(click.ParamType[Rate | None]):
    name = "N/minute|off"

    def convert(self, value: str | Rate, param: click.Parameter | None, ctx: click.Context | None) -> Rate | None:
        try:
            return value if isinstance(value, Rate) else Rate.parse(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _MomentOption(click.ParamType[int]):
    name = "YYYY-MM-DDTHH:MM:SSZ"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return value if isinstance(value, int) else settable_moment(value)
        except ValueError:
            self.fail(f"{value!r} is no moment of the years 2000 to 8999; write it as 2026-06-28T10:30:00Z", param, ctx)


class _Read(click.ParamType[Any]):
    """What a function reads, which says in a `ValueError` what it would take instead."""

    def __init__(self, name: str, read: Callable[[str], object]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Commands(click.Group):
    """Has the other commands too, which are imported where one of them or their list is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *_other_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or _other_commands().get(cmd_name)


def _other_commands() -> Mapping[str, click.Command]:
    from .commands.tree import COMMANDS, TOOLS

    return {**TOOLS, **COMMANDS}


@click.group(cls=_Commands, no_args_is_help=False)
@click.version_option(package_name="aitronos-mock-server")
def cli() -> None:
    """A stateful mock of the share links of the Freddy Music Studio API."""


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 picks a free port.")
@click.option(
    "--database",
    default="sqlite://",
    show_default=True,
    metavar="URL",
    envvar="AITRONOS_MOCK_DATABASE",
    show_envvar=True,
    help="sqlite:// keeps everything in memory, sqlite:///FILE on disk, postgresql://USER:PASSWORD@HOST/NAME there.",
)
@click.option(
    "--seed",
    default="docs",
    show_default=True,
    metavar="docs|empty|FILE",
    help="The world that a new database starts with; FILE is a fixture in YAML or JSON.",
)
@click.option(
    "--clock",
    "frozen_at",
    type=_MomentOption(),
    help="Freeze the clock at this moment; without it, the mock follows the machine.",
)
@click.option("--deterministic", is_flag=True, help="Draw ids and tokens from a seed, the documented ones first.")
@click.option(
    "--resolve-rate-limit",
    default="100/minute",
    show_default=True,
    type=_RateOption(),
    help="Resolves granted to each client IP address, with bursts of 1.2 N.",
)
@click.option(
    "--rate-limit-store",
    "rate_store",
    metavar="URL",
    envvar="AITRONOS_MOCK_RATE_LIMIT_STORE",
    show_envvar=True,
    help="Where all processes count resolves together: redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss:// with TLS.",
)
@click.option(
    "--playback-seconds",
    default=TTL_SECONDS,
    show_default=True,
    type=click.IntRange(1, 86400),
    help="How long a playback URL is good for.",
)
@click.option(
    "--cors-origin",
    "cors_origins",
    multiple=True,
    type=_Read("ORIGIN", origin_of),
    help="Let pages of this origin use the mock, besides those of localhost; * is all. May be repeated.",
)
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    type=_Read("NAME", host_of),
    help="Answer to this name or address too, besides those of localhost. May be repeated.",
)
@click.option(
    "--trusted-proxy",
    "trusted_proxies",
    multiple=True,
    type=_Read("CIDR", network_of),
    help="Believe what proxies from here say about their clients. May be repeated.",
)
@click.option(
    "--control-token",
    type=_Read("TOKEN", token_of),
    envvar="AITRONOS_MOCK_CONTROL_TOKEN",
    show_envvar=True,
    help="Demand this token of whoever uses the control plane.",
)
@click.option(
    "--max-connections",
    default=900,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="Refuse further connections while there are so many.",
)
@click.option(
    "--stop-with-stdin", is_flag=True, help="Stop once standard input ends, as it does with whoever holds it."
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Answer with so many processes; more than one need PostgreSQL.",
)
@click.option("--log-level", default="info", show_default=True, type=click.Choice(_LEVELS), help="What stderr shows.")
@click.option(
    "--log-format",
    default="human",
    show_default=True,
    type=click.Choice(("human", "json")),
    help="Lines for people, or one JSON object each.",
)
def serve(
    host: str,
    port: int,
    database: str,
    seed: str,
    frozen_at: int | None,
    deterministic: bool,
    resolve_rate_limit: Rate | None,
    rate_store: str | None,
    playback_seconds: int,
    max_connections: int,
    stop_with_stdin: bool,
    workers: int,
    log_level: str,
    log_format: logs.Format,
    **guards: Any,
) -> None:
    """Run the mock until Ctrl-C or SIGTERM.

    Once requests are answered, one line on stdout says where.
    """
    if stop_with_stdin and not sys.stdin:
        raise click.UsageError("--stop-with-stdin needs a standard input, and there is none")
    logs.configure(log_level, log_format)
    # What is slow to import is imported once it is known that it will be used. None of it is garbage, and looking
    # through it for some takes a tenth of the time of a start, and most of that of an end.
    gc.disable()
    from .bounds import Bounds
    from .run import Options, run

    gc.freeze()
    gc.enable()
    options = Options(
        host,
        port,
        database,
        seed,
        frozen_at,
        deterministic,
        resolve_rate_limit,
        playback_seconds,
        GuardOptions(**guards),
        Bounds(connections=max_connections),
        stop_with_stdin,
        workers,
        rate_store,
        log_level,
        log_format,
    )
    run(options, SystemClock(), secrets.token_bytes(32))


def main() -> None:
    """Run the command.

    A mistake is answered with one line and exit code 2, as is an output that cannot be written; what a mock refuses
    with one line and exit code 1.
    """
    try:
        sys.exit(cli.main(prog_name=NAME, standalone_mode=False))
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else NAME
        said = error.format_message()
        give_up(f"{said if said.endswith(('.', '?')) else f'{said}.'} Try '{command} --help'.")
    except Refused as refusal:
        give_up(refusal.format_message(), exit_code=1)
    except click.ClickException as error:
        give_up(error.format_message())
    except click.Abort:
        sys.exit(130)
    except OSError as error:
        # What it reads and whom it calls, each command answers for; what is left is an output that takes no more. What
        # waits for it goes nowhere, or Python fails on it again when it exits.
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        give_up(f"cannot write the output ({error.strerror or error}); make room, or send it elsewhere")
