"""Commands about worlds beside each other."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

from .session import Session, in_server
from .wording import always, listed
from .worlds import fixture_in


@click.group()
def sandbox() -> None:
    """Make worlds beside each other, and throw them away."""


@sandbox.command("list")
@in_server
def list_sandboxes(session: Session) -> None:
    """List the sandboxes; the default one is not among them."""
    session.run("GET", "sandboxes", told=listed("name", "base_url"))


@sandbox.command("create")
@click.argument("name", required=False)
@click.option("--seed", metavar="docs|empty", help="The world to begin with; without it, that of the default sandbox.")
@click.option("--fixture", metavar="FILE", type=click.File("rb"), help="A world of one's own; - is stdin.")
@click.option("--clock", metavar="YYYY-MM-DDTHH:MM:SSZ", help="Freeze the clock here from the start.")
@click.option("--deterministic/--random", default=None, help="Whether ids and tokens follow from a seed.")
@in_server
def create_sandbox(session: Session, /, fixture: BinaryIO | None, **plan: Any) -> None:
    """Make a sandbox, and print its base_url alone.

    Without NAME it gets one.
    """
    body = {name: value for name, value in plan.items() if value is not None}
    if fixture is not None:
        body["fixture"] = fixture_in(fixture)
    session.run("POST", "sandboxes", body=body, told=lambda data: str(data["base_url"]))


@sandbox.command("delete")
@click.argument("name")
@in_server
def delete_sandbox(session: Session, name: str) -> None:
    """Throw a sandbox away, with everything in it."""
    session.run("DELETE", "sandboxes", name, told=always(f"deleted {name}"))
