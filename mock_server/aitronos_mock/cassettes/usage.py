"""Which cassettes a folder of tests uses, told by their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath


def used_by(folder: Path) -> Callable[[str], bool]:
    """Whether a cassette, given by its path below its folder, is named in a Python file of another folder.

    What counts is the file's name as a word, without its suffix. Recorders name cassettes after tests: what stands in
    brackets is the case of a test, and what stands before a dot is its class, so neither has to be there.
    """
    source = "\n".join(path.read_text("utf-8", "replace") for path in sorted(folder.rglob("*.py")))
    return lambda name: _is_named(name, source)


def _is_named(name: str, source: str) -> bool:
    stem = PurePosixPath(name).stem
    test = stem.partition("[")[0].rpartition(".")[2]
    return any(re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", source) for each in {stem, test} if each)
