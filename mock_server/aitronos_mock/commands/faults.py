"""Commands about what goes wrong on purpose."""

from __future__ import annotations

from typing import Any

import click

from .session import Session, in_sandbox
from .wording import OPERATIONS, always, named, table


class _Latency(click.ParamType[int | list[int]]):
    name = "MS|MS-MS"

    def convert(
        self, value: str | int | list[int], param: click.Parameter | None, ctx: click.Context | None
    ) -> int | list[int]:
        shortest, dash, longest = str(value).partition("-")
        try:
            return [int(shortest), int(longest)] if dash else int(shortest)
        except ValueError:
            self.fail(f"{value!r} is no number of milliseconds and no range; write 200 or 200-800", param, ctx)


@click.group()
def fault() -> None:
    """Let requests fail on purpose."""


@fault.command("list")
@in_sandbox
def list_faults(session: Session) -> None:
    """List the faults that can still strike."""
    session.run("GET", "faults", told=_listed)


@fault.command("add")
@click.option("--operation", metavar=OPERATIONS, help="Strike this operation only.")
@click.option("--path", metavar="PATTERN", help="Strike this path only; * stands for anything.")
@click.option("--latency-ms", type=_Latency(), help="Wait so long before answering.")
@click.option("--status", metavar="400…599", type=int, help="Answer with this status.")
@click.option("--drop", metavar="before|mid_body", help="Close the connection.")
@click.option("--body", metavar="truncated|invalid_json|slow", help="Spoil the body of the answer.")
@click.option("--nth", metavar="N", type=int, help="Strike from the nth request on; without --times, once.")
@click.option("--times", metavar="N", type=int, help="Strike so often.")
@click.option("--probability", metavar="0…1", type=float, help="Strike so probably.")
@in_sandbox
def add_fault(session: Session, /, **plan: object) -> None:
    """Add a fault, which takes effect with the next request.

    Without --operation and --path it is meant for every request of the API.
    """
    body = {name: value for name, value in plan.items() if value is not None}
    session.run("POST", "faults", body=body, told=lambda data: f"{data['id']} {named(data['plan'])}")


@fault.command("clear")
@in_sandbox
def clear_faults(session: Session) -> None:
    """Take all faults away."""
    session.run("DELETE", "faults", told=always("no faults are left"))


def _listed(data: Any) -> str:
    rows = [[fault["id"], fault["struck"], named(fault["plan"])] for fault in data["items"]]
    return table(["id", "struck", "plan"], rows)
