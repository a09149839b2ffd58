"""Header fields that answers carry for HTTP and for browsers, whatever API is behind."""

from __future__ import annotations

NOT_OF_THE_API = frozenset(
    {
        "accept-encoding",
        "access-control-allow-credentials",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "cache-control",
        "connection",
        "content-length",
        "content-type",
        "date",
        "referrer-policy",
        "vary",
        "x-content-type-options",
    }
)
"""Names that no description needs to mention."""
