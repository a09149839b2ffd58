"""The blocks of code of a Markdown file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

_FENCE = re.compile(r"^\s*```(.*)$")
_HEADING = re.compile(r"^#+ (.+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the heading that it stands under, its text and the number of its first line."""

    language: str
    section: str
    source: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """Every fenced block in order.

    Raises:
        ValueError: The last fence does not end.
    """
    section, lines = "", enumerate(text.splitlines(), start=1)
    for number, line in lines:
        if heading := _HEADING.match(line):
            section = heading[1]
        elif fence := _FENCE.match(line):
            yield Block(fence[1].strip(), section, _until_the_fence_ends(lines, number), number + 1)


def _until_the_fence_ends(lines: Iterator[tuple[int, str]], start: int) -> str:
    inside: list[str] = []
    for _, line in lines:
        if _FENCE.match(line):
            return dedent("".join(inside))
        inside.append(f"{line}\n")
    raise ValueError(f"the fence of line {start} does not end")
