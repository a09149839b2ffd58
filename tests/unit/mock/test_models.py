"""What a share link knows of itself."""

from __future__ import annotations

import pytest

from aitronos_mock.domain.models import ShareLink


def _link(expires_at: int | None = None, open_limit: int | None = None, opens: int = 0) -> ShareLink:
    return ShareLink("mslink_1", "track", "mtrack_1", "link_only", 0, expires_at, open_limit=open_limit, opens=opens)


@pytest.mark.parametrize(
    ("expires_at", "now", "expired"), [(100, 99, False), (100, 100, True), (100, 101, True), (None, 2**62, False)]
)
def test_a_link_is_expired_from_the_moment_it_names(expires_at: int | None, now: int, expired: bool) -> None:
    """The moment `expires_at` itself counts as expired; a link without one never expires."""
    assert expired == _link(expires_at).expired(now)


@pytest.mark.parametrize(
    ("open_limit", "opens", "used_up"), [(2, 1, False), (2, 2, True), (2, 3, True), (0, 0, True), (None, 99, False)]
)
def test_a_link_is_used_up_once_it_opened_as_often_as_it_may(open_limit: int | None, opens: int, used_up: bool) -> None:
    """The limit of opens is reached at its number, not after it; a link without one is never used up."""
    assert used_up == _link(open_limit=open_limit, opens=opens).used_up()
