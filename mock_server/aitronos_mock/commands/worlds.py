"""Commands about what there is in a sandbox."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import click

from .session import Session, in_sandbox, in_server
from .wording import always

_FIXTURE = click.argument("file", type=click.File("rb"))


@click.command()
@in_server
def health(session: Session) -> None:
    """Say whether the mock answers, and its version."""
    session.run("GET", "health", told=lambda data: f"{data['status']}, version {data['version']}")


@click.command()
@in_sandbox
def reset(session: Session) -> None:
    """Begin anew.

    World, clock, ids, rate windows, faults and records are as on the first day.
    """
    session.run("POST", "reset", told=always("reset"))


@click.group()
def state() -> None:
    """Export and load the world."""


@state.command("get")
@in_sandbox
def get_state(session: Session) -> None:
    """Print the world as a fixture in JSON, indented unless --json is given.

    Keys and tokens are in it as digests.
    """
    session.run("GET", "state", told=_indented)


@state.command("put")
@_FIXTURE
@in_sandbox
def put_state(session: Session, file: BinaryIO) -> None:
    """Load the fixture in FILE, or on stdin where FILE is -.

    A file whose name ends in .json is read as JSON, any other as YAML. A fixture that is wrong is refused whole.
    """
    session.run("PUT", "state", body=fixture_in(file), told=always("loaded"))


def fixture_in(file: BinaryIO) -> object:
    """The data in a file that should be a fixture; whether it is one, the mock judges.

    Raises:
        click.ClickException: It is no YAML, or no JSON.
    """
    # Slow to import, and needed for files alone.
    from ..fixtures import FixtureError, read_data

    try:
        return read_data(file.read(), name=file.name)
    except FixtureError as error:
        raise click.ClickException(str(error)) from None


def _indented(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def _changes(noun: str, title: str, **verbs: tuple[str, str]) -> click.Group:
    """A group of commands that each change one thing of a kind; a verb comes with its past and its meaning."""
    group = click.Group(noun, help=title)
    for verb, (done, meaning) in verbs.items():
        group.add_command(_change(noun, verb, done, meaning))
    return group


def _change(noun: str, verb: str, done: str, meaning: str) -> click.Command:
    @click.command(verb, help=meaning)
    @click.argument("identifier", metavar="ID")
    @in_sandbox
    def change(session: Session, identifier: str) -> None:
        session.run("POST", f"{noun}s", identifier, verb, told=always(f"{done} {identifier}"))

    return change


link = _changes(
    "link",
    "End share links.",
    revoke=("revoked", "Revoke a share link.\n\nNew opens and saves fail; who saved before keeps the copy."),
    expire=("expired", "Let a share link expire now."),
)
track = _changes(
    "track",
    "Remove tracks and bring them back.",
    remove=("removed", "Remove a track, as its creator would."),
    restore=("restored", "Bring a removed track back."),
)
collection = _changes(
    "collection",
    "Remove collections and bring them back.",
    remove=("removed", "Remove a collection, as its creator would."),
    restore=("restored", "Bring a removed collection back."),
)
