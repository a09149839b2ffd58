"""How a command ends that did not do what it was told."""

from __future__ import annotations

import click


class Refused(click.ClickException):
    """The mock understood the command and refused it; the message is one line."""
