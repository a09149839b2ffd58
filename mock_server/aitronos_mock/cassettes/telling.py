"""A report of the linter for people and for programs."""

from __future__ import annotations

import json

from ..commands.wording import table
from .linting import Report


def told(report: Report, *, as_json: bool) -> str:
    """The text of a report: JSON, or a table of what was found with a line that counts."""
    if as_json:
        return json.dumps(report.to_dict(), indent=2)
    rows = [[each.severity, each.rule, each.cassette, each.place or "-", each.message] for each in report.findings]
    found = [table(("severity", "rule", "cassette", "place", "finding"), rows)] if rows else []
    return "\n".join([*found, _counted(report)])


def _counted(report: Report) -> str:
    held = f"{len(report.cassettes)} cassettes with {report.interactions} interactions"
    return f"{held}: {report.count('error')} errors, {report.count('warning')} warnings."
