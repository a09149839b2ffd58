"""Which web pages may read what the mock answers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .names import ANY

_LOOPBACK = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


class Origins:
    """The pages of this machine, which are always welcome, and the origins that were named.

    Args:
        allowed: Further origins as `origin_of` gives them; `*` for all.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._named = frozenset(allowed)
        self.any = ANY in self._named

    def welcomes(self, origin: str) -> bool:
        """Whether a page of this origin is welcome by name; `*` names nobody."""
        return _LOOPBACK.fullmatch(origin) is not None or (origin != ANY and origin in self._named)
