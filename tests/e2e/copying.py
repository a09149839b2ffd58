"""Finds what a text shares with the documents beyond data: runs of their words, and lines of their code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

RUN = 7
"""So many words in a row, within a sentence, are no coincidence."""
SHORTEST_SENTENCE = 5
SHORTEST_LINE = 20
"""Shorter lines of code are what everybody writes: a bracket, an import, a name."""

_SENTENCE_ENDS = re.compile(r"[.!?](?=\s|$|[a-z]{4})|\n|·")


def wordings(prose: Iterable[str]) -> set[tuple[str, ...]]:
    """Every run of words that tells a sentence of the prose from others."""
    found: set[tuple[str, ...]] = set()
    for sentence in (each for paragraph in prose for each in _SENTENCE_ENDS.split(paragraph)):
        spoken = words(sentence)
        if len(spoken) >= SHORTEST_SENTENCE:
            found.update(_runs(spoken, min(RUN, len(spoken))))
    return found


def code_lines(sources: Iterable[str]) -> set[str]:
    """Every line of code that is more than punctuation, a name or a literal."""
    lines = {_tidy(line) for source in sources for line in source.splitlines()}
    return {line for line in lines if len(line) >= SHORTEST_LINE and not re.fullmatch(r"(['\"]).*\1", line)}


def copied_wordings(text: str, known: set[tuple[str, ...]]) -> list[str]:
    """The runs that a text has, however it is wrapped, commented or marked up."""
    spoken = words(text)
    lengths = range(SHORTEST_SENTENCE, RUN + 1)
    return [" ".join(run) for length in lengths for run in _runs(spoken, length) if run in known]


def copied_lines(text: str, known: set[str]) -> list[str]:
    """The lines of code that a text has, however it is indented or goes on."""
    return [line for line in map(_tidy, text.splitlines()) if line in known]


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


def _runs(spoken: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(spoken[start : start + length]) for start in range(len(spoken) - length + 1))


def _tidy(line: str) -> str:
    return " ".join(line.split()).rstrip(",;\\ ")
