"""A user's program as the strict type checkers see it; it is checked and never run.

An expected error is ignored by its code, and the checkers complain if it does not occur.
"""

from typing import assert_type

import httpx

from aitronos import (
    Aitronos,
    APIStatusError,
    AsyncAitronos,
    CollectionView,
    JSONObject,
    LibraryEdge,
    RawResponse,
    SharedCollection,
    SharedTrack,
    SharedView,
    ShareInfo,
    ShareLink,
    TargetType,
    TrackView,
    UnavailableShare,
    Visibility,
)
from aitronos.testing import instant_retries


def constructing() -> None:
    """Arguments of the constructors."""
    assert_type(Aitronos(), Aitronos)
    Aitronos("key", base_url="http://127.0.0.1:8000", timeout=5, max_retries=0, headers={"a": "b"})
    Aitronos(http_client=httpx.Client())
    AsyncAitronos(http_client=httpx.AsyncClient())
    Aitronos(http_client=httpx.AsyncClient())  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    Aitronos(timeout="5")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def sharing(client: Aitronos) -> None:
    """Results of the typed methods."""
    link = client.music.share_track("org_abc123", "mtrack_b4d9e1c6a72f", visibility="public", expires_in_days=30)
    assert_type(link, ShareLink)
    assert_type(link.token, str)
    assert_type(link.request_id, str | None)
    assert_type(link.visibility, Visibility)
    client.music.share_collection("org_abc123", "mcoll_5e8a1d3f9c27", visibility=Visibility.LINK_ONLY, timeout=3)
    client.music.share_track("org_abc123")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.music.share_track("a", "b", visibility="x")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.music.share_track("a", "b", expires_in_days="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.music.share_track("a", "b", retries=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    assert_type(client.music.save_shared_track(link.token), LibraryEdge)


def narrowing(view: SharedView) -> str | None:
    """What is known of a view before and after looking at its class."""
    assert_type(view.kind, TargetType | None)
    assert_type(view.track, TrackView | None)
    assert_type(view.share, ShareInfo | None)
    if isinstance(view, SharedTrack):
        assert_type(view.track, TrackView)
        assert_type(view.share, ShareInfo)
        return view.track.title
    if isinstance(view, SharedCollection):
        assert_type(view.tracks, list[TrackView])
        assert_type(view.collection, CollectionView)
        return view.collection.name
    if isinstance(view, UnavailableShare):
        return view.message
    return None


def matching(view: SharedView) -> str | None:
    """The same by `match`."""
    match view:
        case SharedTrack(track=track):
            return track.title
        case SharedCollection(collection=collection):
            return collection.name
        case _:
            return view.message


def raw_access(client: Aitronos) -> None:
    """Raw verbs and raw answers."""
    answer = client.get("/v1/music/shared/shr_x", params={"page": 2})
    assert_type(answer, JSONObject)
    assert_type(answer.request_id, str | None)
    plain: dict[str, object] = answer
    plain["a"] = 1
    raw = client.music.with_raw_response.resolve_share("shr_x")
    assert_type(raw, RawResponse[SharedView])
    assert_type(raw.parse(), SharedView)
    assert_type(raw.status, int)


def options(client: Aitronos) -> None:
    """Copies keep their class."""
    assert_type(client.with_options(timeout=5, headers={"a": "b"}), Aitronos)
    with client as entered:
        assert_type(entered, Aitronos)
    client.with_options(retries=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


async def awaiting(client: AsyncAitronos) -> None:
    """The asynchronous client."""
    assert_type(await client.music.resolve_share("shr_x"), SharedView)
    assert_type(await client.music.share_track("a", "b"), ShareLink)
    assert_type(await client.post("/v1/things", json={"a": 1}), JSONObject)
    assert_type(await client.music.with_raw_response.save_shared_track("shr_x"), RawResponse[LibraryEdge])
    async with client as entered:
        assert_type(entered, AsyncAitronos)


def failing(error: APIStatusError) -> None:
    """What an exception knows."""
    assert_type(error.code, str | None)
    assert_type(error.status, int)
    assert_type(error.retry_after, float | None)


def testing() -> None:
    """What a test suite is given."""
    with instant_retries() as pauses:
        assert_type(pauses, list[float])
