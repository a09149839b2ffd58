"""Where the operations of the control plane are."""

from __future__ import annotations

import pytest

from aitronos_mock.control.targets import target_of


@pytest.mark.parametrize(
    ("segments", "query", "expected"),
    [
        (["health"], None, "/_mock/health"),
        (["requests"], {}, "/_mock/requests"),
        (
            ["requests"],
            {"limit": 2, "since": "2026-06-28T10:30:00Z"},
            "/_mock/requests?limit=2&since=2026-06-28T10%3A30%3A00Z",
        ),
        (["links", "a/b ?é", "revoke"], None, "/_mock/links/a%2Fb%20%3F%C3%A9/revoke"),
    ],
)
def test_a_segment_stays_one(segments: list[str], query: dict[str, object] | None, expected: str) -> None:
    """Whatever an identifier is made of; a query is there if something is asked for in it."""
    assert expected == target_of(segments, query)
