"""Commands about the clock of a sandbox."""

from __future__ import annotations

from typing import Any

import click

from .session import Session, in_sandbox


@click.group()
def clock() -> None:
    """Read and set the clock that all of a sandbox follows."""


@clock.command("get")
@in_sandbox
def get_clock(session: Session) -> None:
    """Say what time it is, and whether the clock is real, shifted or frozen."""
    session.run("GET", "clock", told=_told)


@clock.command("set")
@click.option("--now", metavar="YYYY-MM-DDTHH:MM:SSZ", help="Freeze the clock at this moment.")
@click.option("--advance", metavar="SECONDS", type=float, help="Put it forward; it then goes on as before.")
@click.option("--real", is_flag=True, help="Follow the machine again.")
@in_sandbox
def set_clock(session: Session, now: str | None, advance: float | None, real: bool) -> None:
    """Freeze, advance or release the clock."""
    asked = {"now": now, "advance_seconds": advance, "real": real or None}
    change = {name: value for name, value in asked.items() if value is not None}
    if len(change) != 1:
        raise click.UsageError("Give one of --now, --advance and --real.")
    session.run("PUT", "clock", body=change, told=_told)


def _told(data: Any) -> str:
    return f"{data['now']} {data['mode']}"
