"""The documentation that the contract was written from: its samples, its examples and its prose.

It lies beside the repository, never in it. Page dumps are JSON trees, Markdown has fences, and one page is plain text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "seeds"
ABSENT = f"LEFT OUT: there is no ../{FOLDER.relative_to(ROOT.parent)} beside the repository"

LANGUAGES = {"cURL": "curl", "Python SDK": "sdk", "Python": "requests", "JavaScript": "javascript"}
"""Titles of the samples, and what this suite calls them."""

_FENCED = re.compile(r"^```(\w+) (.+?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLAIN = re.compile(r"^(curl .*?)Response:\n(\{.*\})", re.MULTILINE | re.DOTALL)
_PARAGRAPHS = {"p", "li", "Heading"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code of a page: a sample, or JSON whose title begins with a status."""

    language: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Page:
    """One document."""

    name: str
    blocks: tuple[Block, ...]
    prose: tuple[str, ...]

    @property
    def samples(self) -> dict[str, str]:
        """The source in each language that the page has."""
        return {LANGUAGES[block.title]: block.source for block in self.blocks if block.language != "json"}

    @property
    def examples(self) -> list[tuple[str, Any]]:
        """The statuses and bodies of the answers that the page shows, the success first."""
        return [(block.title[:3], json.loads(block.source)) for block in self.blocks if block.language == "json"]


@cache
def originals() -> tuple[str, ...]:
    """The text of every document; of a dump, its strings as they were before they were written as JSON."""
    texts = [file.read_text("utf-8") for file in sorted(FOLDER.glob("*.txt"))]
    return tuple("\n".join(_strings(json.loads(text))) if text.startswith("{") else text for text in texts)


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for each in node.values() if isinstance(node, dict) else node:
            yield from _strings(each)


@cache
def pages() -> tuple[Page, ...]:
    """Every document, or none where the folder is not there."""
    return tuple(_page(file.read_text("utf-8")) for file in sorted(FOLDER.glob("*.txt")))


def _page(text: str) -> Page:
    if text.startswith("{"):
        return _dumped(json.loads(text)["props"])
    return _markdown(text) if _FENCED.search(text) else _plain(text)


def _dumped(properties: dict[str, Any]) -> Page:
    nodes = list(_nodes(properties["ast"]))
    code = [node["attributes"] for node in nodes if node["name"] == "CodeBlock"]
    blocks = tuple(Block(each["lang"], each["data-title"], each["source"]) for each in code)
    prose = [_text(node) for node in nodes if node["name"] in _PARAGRAPHS]
    return Page(_slug(properties["frontmatter"]["title"]), blocks, (properties["seo"]["description"], *prose))


def _markdown(text: str) -> Page:
    title = text.partition("\n")[0]
    blocks = tuple(Block(*found) for found in _FENCED.findall(text))
    return Page(_slug(title), blocks, tuple(_FENCED.sub("\n", text).splitlines()))


def _plain(text: str) -> Page:
    found = _PLAIN.search(text)
    assert found, "a page of plain text has a curl line and an answer"
    blocks = (Block("bash", "cURL", found[1]), Block("json", "200 OK", found[2]))
    return Page("plain-text", blocks, tuple(text[: found.start()].splitlines()))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for child in node["children"]:
            yield from _nodes(child)


def _text(node: Any) -> str:
    return node if isinstance(node, str) else "".join(_text(child) for child in node["children"])


def _slug(title: str) -> str:
    return "-".join(re.findall(r"\w+", title.lower()))
