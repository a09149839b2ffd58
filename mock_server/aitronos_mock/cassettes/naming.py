"""What the name of a cassette gives away. Recorders name them after tests, and tests after their parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from .decoding import spellings
from .known import Known

_HIDDEN = "[hidden]"
# Names have many words, joined like the parts of a key, so only digits within a long word make one.
_RULES = {
    "a share token that is not known": re.compile(r"shr_(?=[A-Za-z]*[0-9])[0-9A-Za-z]{8,}"),
    "the shape of an API key": re.compile(
        r"(?<![0-9A-Za-z])(?:sk|pk|rk|ak|key|api|freddy)[-_](?:[A-Za-z]+[-_])?(?=[A-Za-z]*[0-9])[0-9A-Za-z]{12,}"
    ),
}


def leaks_in_name(name: str, known: Known) -> list[str]:
    """Which rules the name of a cassette breaks, decoded too."""
    return sorted({rule for spelling in spellings(name) for rule in _broken(spelling, known)})


def shown(name: str, known: Known) -> str:
    """The name of a cassette as a report may show it, without what it gives away."""
    for pattern in _RULES.values():
        name = pattern.sub(lambda found: found[0] if known.allows(found[0]) else _HIDDEN, name)
    # What is still there is hidden by a coding, and nobody knows where it begins.
    return _HIDDEN + PurePosixPath(name).suffix if leaks_in_name(name, known) else name


def _broken(text: str, known: Known) -> Iterator[str]:
    for rule, pattern in _RULES.items():
        if any(not known.allows(found[0]) for found in pattern.finditer(text)):
            yield rule
