"""The typed methods over a real socket, blocking and asynchronous."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest

from aitronos import (
    Aitronos,
    AsyncAitronos,
    InvalidArgumentError,
    LibraryEdge,
    NotFoundError,
    RawResponse,
    SharedTrack,
    ShareLink,
)
from aitronos.music import AsyncMusic, AsyncMusicWithRawResponse, Music, MusicWithRawResponse

from .stub import (
    COLLECTION,
    KEY,
    ORGANIZATION,
    RESOLVE_PATH,
    SAVE_PATH,
    SHARE_PATH,
    TOKEN,
    TRACK,
    Answer,
    Stub,
    library_edge,
    refusal,
    share_link,
    shared_track,
)

Call = Callable[..., Any]


@pytest.fixture(params=["blocking", "asyncio", "trio"])
def call(request: pytest.FixtureRequest, stub: Stub) -> Call:
    """Call a method by its name: `call("resolve_share", TOKEN)`; `raw=True` goes through with_raw_response."""

    async def awaited(name: str, arguments: tuple[Any, ...], options: dict[str, Any], raw: bool) -> Any:
        async with AsyncAitronos(KEY, base_url=stub.url) as client:
            music: Any = client.music.with_raw_response if raw else client.music
            method: Callable[..., Awaitable[Any]] = getattr(music, name)
            return await method(*arguments, **options)

    def calling(name: str, *arguments: Any, raw: bool = False, **options: Any) -> Any:
        if request.param != "blocking":
            return anyio.run(awaited, name, arguments, options, raw, backend=request.param)
        with Aitronos(KEY, base_url=stub.url) as client:
            music: Any = client.music.with_raw_response if raw else client.music
            return getattr(music, name)(*arguments, **options)

    return calling


def test_share_track(call: Call, stub: Stub) -> None:
    """Sharing a track posts the options with the key, and returns the link."""
    stub.answer(Answer(share_link(), 201))
    link = call("share_track", ORGANIZATION, TRACK, visibility="link_only", expires_in_days=30)
    assert isinstance(link, ShareLink)
    assert (link.token, link.request_id) == (TOKEN, "req_stub1")
    [seen] = stub.seen
    assert (seen.method, seen.path, seen.headers["x-api-key"]) == ("POST", SHARE_PATH, KEY)
    assert seen.json == {"visibility": "link_only", "expires_in_days": 30}


def test_share_collection(call: Call, stub: Stub) -> None:
    """Sharing a collection, with the server's defaults."""
    stub.answer(Answer(share_link(target_type="collection"), 201))
    assert call("share_collection", ORGANIZATION, COLLECTION).target_type == "collection"
    [seen] = stub.seen
    assert (seen.method, seen.path) == ("POST", f"/v1/music/{ORGANIZATION}/collections/{COLLECTION}/share")
    assert seen.json == {}


@pytest.mark.parametrize("as_url", [False, True])
def test_resolve_share(call: Call, stub: Stub, as_url: bool) -> None:
    """Opening takes a token or a URL of the server, and sends no key although the client has one."""
    view = call("resolve_share", f"{stub.url}{RESOLVE_PATH}" if as_url else TOKEN)
    assert isinstance(view, SharedTrack)
    [seen] = stub.seen
    assert (seen.method, seen.path, seen.body) == ("GET", RESOLVE_PATH, b"")
    assert KEY not in str(seen)
    assert "x-api-key" not in seen.headers


@pytest.mark.parametrize("as_url", [False, True])
def test_save_shared_track(call: Call, stub: Stub, as_url: bool) -> None:
    """Saving takes a token or a URL too, with the key and without a body."""
    stub.answer(Answer(library_edge(), 201))
    edge = call("save_shared_track", f"{stub.url}{RESOLVE_PATH}" if as_url else TOKEN)
    assert isinstance(edge, LibraryEdge)
    assert edge.track_id == TRACK
    [seen] = stub.seen
    assert (seen.method, seen.path, seen.headers["x-api-key"], seen.body) == ("POST", SAVE_PATH, KEY, b"")


def test_any_success_status_will_do(call: Call, stub: Stub) -> None:
    """A server that answers 200 where the contract says 201 is understood."""
    stub.answer(Answer(library_edge(), 200))
    assert call("save_shared_track", TOKEN).source == "shared"


@pytest.mark.parametrize("raw", [False, True])
def test_refusal(call: Call, stub: Stub, raw: bool) -> None:
    """A refusal is raised with its envelope, through with_raw_response too."""
    stub.answer(refusal())
    with pytest.raises(NotFoundError) as caught:
        call("resolve_share", TOKEN, raw=raw)
    assert (caught.value.code, caught.value.request_id) == ("RESOURCE_NOT_FOUND", "req_stub1")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("share_track", ("..", TRACK)), ("share_collection", (ORGANIZATION, "")), ("resolve_share", ("a/b",))],
)
def test_bad_arguments_do_not_reach_the_network(call: Call, stub: Stub, name: str, arguments: tuple[str, ...]) -> None:
    """A bad argument is refused before anything is sent."""
    with pytest.raises(InvalidArgumentError):
        call(name, *arguments)
    assert stub.connections == 0


def test_options_of_one_call(call: Call, stub: Stub) -> None:
    """A call takes its own headers, retries and timeout."""
    call("resolve_share", TOKEN, headers={"X-Team": "radio"}, max_retries=0, timeout=5)
    assert stub.seen[0].headers["x-team"] == "radio"


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("share_track", (ORGANIZATION, TRACK), Answer(share_link(), 201)),
        ("share_collection", (ORGANIZATION, COLLECTION), Answer(share_link(), 201)),
        ("resolve_share", (TOKEN,), Answer(shared_track())),
        ("save_shared_track", (TOKEN,), Answer(library_edge(), 201)),
    ],
)
def test_with_raw_response(call: Call, stub: Stub, name: str, arguments: tuple[str, ...], answer: Answer) -> None:
    """The raw answer has status and headers, and parses into what the plain method returns."""
    stub.answer(answer)
    raw = call(name, *arguments, raw=True)
    assert isinstance(raw, RawResponse)
    assert (raw.status, raw.headers["X-Request-Id"]) == (answer.status, "req_stub1")
    assert raw.parse() == call(name, *arguments)


@pytest.mark.parametrize("other", [AsyncMusic, MusicWithRawResponse, AsyncMusicWithRawResponse])
@pytest.mark.parametrize("name", ["share_track", "share_collection", "resolve_share", "save_shared_track"])
def test_all_surfaces_take_the_same_arguments(other: type, name: str) -> None:
    """Whoever knows one of the four surfaces knows all of them."""
    expected = inspect.signature(getattr(Music, name)).parameters
    assert inspect.signature(getattr(other, name)).parameters == expected
    assert getattr(other, name).__doc__
