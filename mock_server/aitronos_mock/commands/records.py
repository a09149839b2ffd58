"""Commands about what was asked and answered."""

from __future__ import annotations

import click

from .session import Session, in_sandbox
from .wording import OPERATIONS, always, listed


@click.group()
def request() -> None:
    """Look into the journal of requests."""


@request.command("list")
@click.option("--method", metavar="METHOD", help="Only requests of this method.")
@click.option("--operation", metavar=OPERATIONS, help="Only requests to this operation.")
@click.option("--status", metavar="STATUS", type=int, help="Only requests answered with this status.")
@click.option("--since", metavar="YYYY-MM-DDTHH:MM:SSZ", help="Only requests from this moment on.")
@click.option("--limit", metavar="N", type=int, help="Only so many, the newest ones.")
@in_sandbox
def list_requests(session: Session, /, **filters: object) -> None:
    """List requests, the newest last.

    Keys, tokens and signatures are left out; --json shows headers and bodies too.
    """
    columns = ("time", "client_ip", "method", "path", "operation", "status", "milliseconds", "trace_id")
    session.run("GET", "requests", query=filters, told=listed(*columns))


@request.command("clear")
@in_sandbox
def clear_requests(session: Session) -> None:
    """Empty the journal."""
    session.run("DELETE", "requests", told=always("the journal is empty"))


@click.group()
def audit() -> None:
    """Look into the audit of resolves."""


@audit.command("list")
@in_sandbox
def list_audit(session: Session) -> None:
    """List who opened what, the newest last."""
    session.run("GET", "audit", told=listed("time", "client_ip", "outcome", "share_link_id"))
