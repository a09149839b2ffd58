"""The page over recorded answers, without network and without a mock."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from share_page import page

from aitronos_mock.recorded import Cassette

Play = Callable[[str], Cassette]


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("resolveShare/200-track", 200, "Late Night Study"),
        ("resolveShare/200-collection", 200, "Quiet Hours"),
        ("resolveShare/200-removed_collection", 410, "This collection was removed by its creator."),
        ("resolveShare/404-revoked", 404, "This share link is no longer available."),
        ("resolveShare/404-expired", 404, "This share link is no longer available."),
    ],
)
def test_every_documented_answer_has_a_page(aitronos_cassette: Play, name: str, status: int, said: str) -> None:
    """One line plays the answer that the documentation describes."""
    shown = page(aitronos_cassette(name).token)
    assert shown.status == status
    assert said in shown.html
