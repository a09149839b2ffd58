"""How a command ends that did not do what it was told."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

NAME = "aitronos-mock"
"""The command, as it calls itself."""


class Refused(click.ClickException):
    """The mock understood the command and refused it; the message is one line."""


def give_up(why: str, exit_code: int = 2) -> NoReturn:
    """Say why in one line, and end."""
    click.echo(f"{NAME}: {' '.join(why.split())}", err=True)
    sys.exit(exit_code)
