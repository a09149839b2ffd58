"""How bodies are transferred: in chunks, and in no other coding."""

from __future__ import annotations

from .answers import Headers


def is_coded(headers: Headers) -> bool:
    """Whether a body comes in a transfer coding beside `chunked`, which nobody here could undo (RFC 9112, 6.1).

    Args:
        headers: The header of a request, its names in lower case.
    """
    named = [value for name, value in headers if name == b"transfer-encoding"]
    return not all(map(_is_chunked, named))


def _is_chunked(value: bytes) -> bool:
    # Elements of a list may be empty (RFC 9110, 5.6.1.2).
    return all(coding.strip().lower() in (b"chunked", b"") for coding in value.split(b","))
