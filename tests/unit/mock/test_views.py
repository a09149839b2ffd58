"""What goes over the wire for the things of the domain."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock import views
from aitronos_mock.domain.models import LibraryEdge, ShareLink, World
from aitronos_mock.domain.sharing import MintedLink, OpenedCollection, OpenedTrack, RemovedContent


@pytest.fixture
def link(start: int) -> ShareLink:
    """The documented track link."""
    return ShareLink("mslink_3a7f2c9e8b14", "track", "mtrack_b4d9e1c6a72f", "link_only", start, start + 30 * 86400)


def _playback_url(_: str) -> str:
    return "https://cdn.aitronos.com/music/track/...signed"


def test_a_share_link_is_written_as_documented(contract: Any, link: ShareLink) -> None:
    """The documented link gives the documented answer, token and url included."""
    token = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"

    written = views.share_link(MintedLink(link, token), "https://api.aitronos.com")

    assert contract.example("shareTrack", 201, "expiring") == written


def test_a_track_is_written_as_documented(contract: Any, link: ShareLink, world: World) -> None:
    """The documented track, opened, gives the documented view."""
    written = views.shared_view(OpenedTrack(link, world.tracks[0]), _playback_url)

    assert contract.example("resolveShare", 200, "track") == written


def test_a_collection_is_written_as_documented(contract: Any, world: World) -> None:
    """A collection, opened, shows its head and its tracks; what is null in the world is null in the view."""
    link = ShareLink("mslink_1", "collection", "mcoll_5e8a1d3f9c27", "public", 0)

    written = views.shared_view(OpenedCollection(link, world.collections[0], list(world.tracks[:2])), _playback_url)

    assert contract.example("resolveShare", 200, "collection") == written


def test_an_empty_collection_has_an_empty_list(contract: Any, world: World) -> None:
    """No tracks are an empty list and not null."""
    link = ShareLink("mslink_1", "collection", "mcoll_2b4c6d8e0f1a", "link_only", 0)

    written = views.shared_view(OpenedCollection(link, world.collections[1], []), _playback_url)

    assert contract.example("resolveShare", 200, "empty_collection") == written


@pytest.mark.parametrize("kind", ["track", "collection"])
def test_removed_content_is_a_notice_with_all_seven_keys(contract: Any, kind: Any) -> None:
    """What was removed keeps its kind and its share, and says so in words."""
    link = ShareLink("mslink_1", kind, "target", "link_only", 0)

    written = views.shared_view(RemovedContent(link), _playback_url)

    assert contract.example("resolveShare", 200, f"removed_{kind}") == written


def test_a_library_edge_is_written_as_documented(contract: Any, start: int) -> None:
    """The documented save gives the documented edge."""
    edge = LibraryEdge("mlib_6d2f9a4c1e83", "user", "mtrack_b4d9e1c6a72f", "mslink_3a7f2c9e8b14", start)

    assert contract.example("saveSharedTrack", 201, "saved") == views.library_edge(edge)
