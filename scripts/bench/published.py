"""The figures of the READMEs, written there from runs that were kept.

    python -m scripts.bench.published

The runs are the JSON files in `results/`, as `python -m scripts.bench --json` writes them. Nobody types a figure: a
test compares the READMEs with them.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from . import stores
from .mocks import MOCK
from .peers import BARE, FASTAPI, PRISM, STARLETTE, WIREMOCK
from .report import number
from .requests import RESOLVE, SHARE

RESULTS = Path(__file__).with_name("results")
_REPOSITORY = Path(__file__).parents[2]
_BEGIN, _END = "<!-- figures of scripts/bench/results -->", "<!-- end of figures -->"
_SERVERS = (MOCK, PRISM, WIREMOCK, FASTAPI, STARLETTE, BARE)
_STORES = (stores.SQLITE, stores.ON_SQLITE, stores.POSTGRESQL, stores.ON_POSTGRESQL)

Document = dict[str, Any]
Lines = Iterator[str]


def runs() -> list[Document]:
    """The runs that were kept, in the order of their names."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))]


def speed(documents: Sequence[Document]) -> str:
    """The goals, the figures of servers, and the machine, of runs on one machine."""
    return _parts(_goals(documents), _servers(documents), _machine(documents[0]))


def sizing(documents: Sequence[Document]) -> str:
    """What one worker does on each kind of store."""
    return _parts(_sizes(documents))


READMES: dict[Path, Callable[[Sequence[Document]], str]] = {
    _REPOSITORY / "README.md": speed,
    _REPOSITORY / "mock_server" / "README.md": sizing,
}
"""Which README has which figures."""


def published(readme: str, figures: str) -> str:
    """The README with these figures in the place of those that it has.

    Raises:
        ValueError: It has no place for them.
    """
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the README has no place for figures: put {_BEGIN} and {_END} into it")
    return f"{before}{_BEGIN}\n\n{figures}\n\n{_END}{after}"


def _parts(*parts: Lines) -> str:
    return "\n\n".join("\n".join(part) for part in parts)


def _goals(documents: Sequence[Document]) -> Lines:
    names = [f"run {position}" for position, _ in enumerate(documents, 1)]
    yield from _head(["goal", "wanted"], names, [""])
    for goals in zip(*(document["goals"] for document in documents), strict=True):
        found = [goal["found"] for goal in goals]
        verdict = "reached" if all(goal["reached"] for goal in goals) else "**not reached**"
        unit = goals[0]["wanted"].rpartition(" ")[2]
        cells = ["" if value is None else f"{number(value)} {unit}" for value in found]
        yield _row([goals[0]["goal"], goals[0]["wanted"], *cells, verdict])


def _servers(documents: Sequence[Document]) -> Lines:
    yield from _head(["one core each, median of the runs"], _SERVERS)
    for row, unit in dict.fromkeys((each["row"], each["unit"]) for each in _of(documents[0], MOCK)):
        yield _row([f"{row}, {unit}", *(_median(documents, row, subject) for subject in _SERVERS)])


def _machine(document: Document) -> Lines:
    machine = dict(document["machine"])
    # Each run has another one.
    machine.pop("load before")
    yield "; ".join(f"{name} {value}" for name, value in machine.items()) + "."


def _sizes(documents: Sequence[Document]) -> Lines:
    columns = {
        stores.row_of(RESOLVE): "resolves per second",
        stores.row_of(SHARE): "shares per second",
        stores.MEMORY: "memory, MB",
    }
    yield from _head(["one worker, one core, median of the runs"], [*columns.values()])
    for subject in _STORES:
        yield _row([subject, *(_median(documents, row, subject) for row in columns)])


def _of(document: Document, subject: str) -> Iterator[Document]:
    return (each for each in document["figures"] if each["subject"] == subject)


def _median(documents: Sequence[Document], row: str, subject: str) -> str:
    found = [each["median"] for document in documents for each in _of(document, subject) if each["row"] == row]
    return number(statistics.median(found)) if found else ""


def _head(texts: Sequence[str], numbers: Sequence[str], more_texts: Sequence[str] = ()) -> Lines:
    yield _row([*texts, *numbers, *more_texts])
    yield _row([*["---"] * len(texts), *["---:"] * len(numbers), *["---"] * len(more_texts)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the figures into the READMEs."""
    for path, told in READMES.items():
        path.write_text(published(path.read_text(encoding="utf-8"), told(runs())), encoding="utf-8")


if __name__ == "__main__":
    main()
