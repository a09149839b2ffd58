"""Where the operations of the control plane are, for those who call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import quote, urlencode


def target_of(segments: Iterable[str], query: Mapping[str, object] | None) -> str:
    """The target of a request, below the base URL of a mock or of a sandbox.

    Args:
        segments: Those behind `/_mock`, as they are; they are encoded here.
        query: The query by name.
    """
    path = "/".join(["/_mock", *(quote(segment, safe="") for segment in segments)])
    return f"{path}?{urlencode(query)}" if query else path
