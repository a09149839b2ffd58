"""Gather the counts of all processes, and hold them against the examples of the contract."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from aitronos_mock.cassettes.operations import Cause
from aitronos_mock.commands.wording import table

LAYERS = ("mock", "sdk", "cassette")
"""Who saw an answer: the mock that gave it, the SDK that read it, a replay to whose end it belongs."""

Counts = Counter[tuple[str, Cause]]


def gathered(folder: Path) -> Counts:
    """What all processes left in a folder.

    Raises:
        ValueError: If a file there is none of ours.
    """
    counts: Counts = Counter()
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            layer, operation, status, name, count = json.loads(line)
            counts[layer, Cause(operation, status, name)] += count
    return counts


def shown(causes: Iterable[Cause], counts: Counts) -> str:
    """A table with a line for each cause, and how often each layer saw it."""
    rows = [[*cause, *(counts[layer, cause] or None for layer in LAYERS)] for cause in causes]
    return table(("operation", "status", "cause", *LAYERS), rows)


def unseen(causes: Iterable[Cause], counts: Counts) -> Iterator[Cause]:
    """The causes that no test brought about.

    The mock alone counts: it knows which of several causes that answer alike it was, and nobody can tell it.
    """
    return (cause for cause in causes if not counts["mock", cause])
