"""Decode the JSON of a server, which may be anything."""

import json
from typing import cast

DEEPEST = 100
"""Levels. What is nested deeper cannot be walked, printed and pickled for certain: all three recurse."""


def decoded(body: bytes) -> object:
    """The JSON value.

    Raises:
        ValueError: If it is no JSON, or nested deeper than 100 levels.
    """
    try:
        value: object = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deep(value):
        raise ValueError("nested too deep")
    return value


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for item in level for inner in _members(item)]
    return any(isinstance(item, dict | list) for item in level)


def _members(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(cast(dict[str, object], value).values())
    return cast(list[object], value) if isinstance(value, list) else []
