"""Whether an answer is the documented one, apart from what differs from call to call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
VOLATILE: Mapping[str, str] = {
    "id": r"(mslink|mlib)_[0-9a-f]{12}",
    "token": r"(shr)_[0-9a-f]{32}",
    "url": r"https?://[^/]+(/v1/music/shared/shr_)[0-9a-f]{32}",
    "playback_url": r"https?://[^/]+/.*(track).*",
    "created_at": _TIME,
    "expires_at": _TIME,
}
"""Forms of the values that differ; a group is a part that does not. Whatever has no such form must be equal."""


def assert_like(example: Any, answer: Any) -> None:
    """An answer has the keys, the lifetime and the lasting values of the documented one, and the forms of the rest."""
    assert masked(example) == masked(answer)


def masked(value: Any) -> Any:
    """A JSON value with the forms of its volatile members in their place."""
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, dict):
        return {key: _form(key, each) for key, each in value.items()} | _lifetime(value)
    return value


def _form(key: str, value: Any) -> Any:
    found = re.fullmatch(VOLATILE[key], value) if key in VOLATILE and isinstance(value, str) else None
    return (VOLATILE[key], *found.groups()) if found else masked(value)


def _lifetime(value: dict[str, Any]) -> dict[str, Any]:
    times = [value.get(key) or "" for key in ("created_at", "expires_at")]
    if not all(re.fullmatch(_TIME, time) for time in times):
        return {}
    created, expires = map(datetime.fromisoformat, times)
    return {"lifetime": expires - created}
