"""What must not be printed: the keys and tokens that were given, and those that a server gave out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_HIDDEN = "[secret]"
_SECRET_FIELDS = frozenset({"token", "url", "playback_url"})
# What has the form of a token or stands where one does, even if nobody said that it is one.
_SHAPES = re.compile(r"shr_[0-9A-Za-z]{8,}|(?<=/shared/)[^/?#\s\"]+|(?<=signature=)[^&\s\"]+|(?<=Bearer )\S+")


class Secrets:
    """Knows what is secret, and takes it out of what people will read.

    Args:
        given: Keys and tokens that are known from the start.
    """

    def __init__(self, given: Iterable[str]) -> None:
        self._known = set(given)

    def learn(self, data: Any) -> None:
        """Take note of the tokens and signed URLs in an answer."""
        match data:
            case dict():
                self._known |= {
                    value for name, value in data.items() if name in _SECRET_FIELDS and isinstance(value, str) and value
                }
                self._learn_all(data.values())
            case list():
                self._learn_all(data)

    def hide(self, value: Any) -> Any:
        """A copy without secrets."""
        match value:
            case str():
                return self._hidden(value)
            case dict():
                return {self._hidden(str(name)): self.hide(each) for name, each in value.items()}
            case list() | tuple():
                return [self.hide(each) for each in value]
            case _:
                return value

    def _learn_all(self, values: Iterable[Any]) -> None:
        for each in values:
            self.learn(each)

    def _hidden(self, text: str) -> str:
        # The longest first: a URL goes as a whole, and not only the token in it.
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return _SHAPES.sub(_HIDDEN, text)
