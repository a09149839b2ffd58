"""All commands but `serve`, by the first word of theirs."""

from __future__ import annotations

from collections.abc import Mapping

import click

from ..verify.command import verify
from .cassettes import lint_cassettes
from .clocks import clock
from .faults import fault
from .records import audit, request
from .sandboxes import sandbox
from .worlds import collection, health, link, reset, state, track

_ALL: tuple[click.Command, ...] = (
    health,
    reset,
    state,
    link,
    track,
    collection,
    clock,
    fault,
    request,
    audit,
    sandbox,
)

COMMANDS: Mapping[str, click.Command] = {str(command.name): command for command in _ALL}
"""Those that speak to a running mock."""

TOOLS: Mapping[str, click.Command] = {str(command.name): command for command in (verify, lint_cassettes)}
"""Those that are no call of the control plane."""
