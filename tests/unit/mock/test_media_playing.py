"""Playing over the whole application: a signed URL in, audio or an envelope out."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import logging
import wave
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote_to_bytes

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import validate
from starlette.types import ASGIApp, Message

from aitronos_mock import contract as packaged
from aitronos_mock.app import create_app
from aitronos_mock.clock import timestamp
from aitronos_mock.domain.models import World
from aitronos_mock.media import PlaybackSigner
from aitronos_mock.media.sound import recording
from aitronos_mock.mock import Mock
from aitronos_mock.store.sqlite import SQLiteDatabase

from .fields import NOT_OF_THE_API

Call = Callable[..., httpx.Response]
Json = dict[str, Any]

TRACK, LINK, OF_COLLECTION = "mtrack_b4d9e1c6a72f", "mslink_00000000a000", "mslink_00000000a001"
BASE = "http://mock.test"


@dataclass
class Answered:
    """What an application sent over ASGI."""

    messages: list[Message]

    @property
    def status(self) -> int:
        """The status."""
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> httpx.Headers:
        """The headers."""
        return httpx.Headers(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        """The body."""
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    def json(self) -> Json:
        """The body of an envelope or a view."""
        body: Json = json.loads(self.body)
        return body


def ask(app: ASGIApp, target: str, method: str = "GET", **fields: str) -> Answered:
    """Send a request right to an application, byte for byte as it stands, with `_` for `-` in names of fields."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()],
        "server": ("mock.test", 80),
    }
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    async def exchange() -> None:
        await app(scope, receive, send)

    asyncio.run(exchange())
    return Answered(messages)


@pytest.fixture
def app(mock: Mock) -> ASGIApp:
    """The application over the small world."""
    return create_app(mock)


@pytest.fixture
def target(mock: Mock) -> str:
    """Path and query of a new playback URL."""
    return mock.signer.url("", TRACK, LINK, mock.clock.time(), "00c0ffee")


@pytest.fixture(scope="module")
def whole() -> bytes:
    """The file of the track."""
    audio = recording(TRACK, 120.4)
    return b"".join(audio.chunks(0, audio.size))


@pytest.fixture
def changed(database: SQLiteDatabase, world: World, build: Callable[..., Mock]) -> Callable[..., ASGIApp]:
    """Builds an application over the small world with parts of it replaced, and with the same signing key."""
    numbers = itertools.count(1)

    def change(**parts: Any) -> ASGIApp:
        store = database.sandbox(next(numbers))
        asyncio.run(store.load(replace(world, **parts)))
        return create_app(build(store=store))

    return change


@pytest.fixture
def described() -> Json:
    """The description of the endpoint."""
    return packaged.load("media/openapi.yaml")


@pytest.fixture
def assert_declared(contract: Any, described: Json, mock: Mock) -> Callable[..., None]:
    """Holds an answer against the description: status, headers, media type and, for errors, the example of a cause."""
    document = type(contract)(described)

    def check(answered: Answered, cause: str | None = None) -> None:
        declared = document.declared(document.named("playTrack"), answered.status)
        headers = {name.lower(): document.look_up(each)["schema"] for name, each in declared["headers"].items()}
        sent = {
            name: value for name, value in answered.headers.items() if name in headers or name not in NOT_OF_THE_API
        }
        if answered.status != 304:
            assert str(len(answered.body)) == answered.headers["content-length"]
            assert [answered.headers["content-type"]] == list(declared["content"])
        assert set(headers) == set(sent)
        for name, value in sent.items():
            document.assert_valid(headers[name], int(value) if headers[name]["type"] == "integer" else value)
        if cause is not None:
            expected = document.example("playTrack", answered.status, cause)
            expected["error"] |= {
                "trace_id": answered.headers["x-request-id"],
                "timestamp": timestamp(mock.clock.time()),
            }
            assert expected == answered.json()

    return check


def test_the_url_of_an_opened_share_plays(app: ASGIApp, call: Call, whole: bytes) -> None:
    """The answer to a resolve leads to real audio of the measured length."""
    track = call("GET", "/v1/music/shared/shr_track").json()["track"]
    played = ask(app, track["playback_url"].removeprefix(BASE))

    assert played.status == 200
    assert whole == played.body
    with wave.open(io.BytesIO(played.body)) as opened:
        assert track["measured_duration_seconds"] == opened.getnframes() / opened.getframerate()


def test_every_track_of_an_opened_collection_plays(app: ASGIApp, call: Call) -> None:
    """Each has its own URL and its own audio."""
    tracks = call("GET", "/v1/music/shared/shr_collection").json()["tracks"]
    played = [ask(app, track["playback_url"].removeprefix(BASE)) for track in tracks]

    assert [each.status for each in played] == [200, 200]
    assert len({each.headers["etag"] for each in played}) == 2


def test_an_answer_is_as_described(app: ASGIApp, target: str, assert_declared: Callable[..., None]) -> None:
    """Whole, part and known file carry the declared headers and no others."""
    etag = ask(app, target).headers["etag"]
    answers = [ask(app, target), ask(app, target, range="bytes=0-9"), ask(app, target, if_none_match=etag)]

    assert [each.status for each in answers] == [200, 206, 304]
    for each in answers:
        assert_declared(each)


def test_an_answer_has_the_standard_headers_once(app: ASGIApp, target: str) -> None:
    """No header is sent twice."""
    names = [name for name, _ in ask(app, target, range="bytes=0-9").messages[0]["headers"]]

    assert sorted(set(names)) == sorted(names)


@pytest.fixture
def short(changed: Callable[..., ASGIApp], world: World) -> ASGIApp:
    """The application, with a track of 50 milliseconds."""
    return changed(tracks=(replace(world.tracks[0], measured_duration_seconds=0.05), *world.tracks[1:]))


def test_any_range_gives_the_bytes_of_the_whole(short: ASGIApp, target: str) -> None:
    """A range selects what slicing the whole file selects, and is refused where that is nothing."""
    whole = ask(short, target).body
    position = st.integers(0, len(whole) + 50).map(str) | st.just("")

    @given(first=position, last=position)
    def check(first: str, last: str) -> None:
        answered = ask(short, target, range=f"bytes={first}-{last}")
        status, body = _expected(first, last, whole)

        assert status == answered.status
        assert str(len(answered.body)) == answered.headers["content-length"]
        if status == 416:
            assert f"bytes */{len(whole)}" == answered.headers["content-range"]
        else:
            assert body == answered.body

    check()


def _expected(first: str, last: str, whole: bytes) -> tuple[int, bytes]:
    """What RFC 9110 has for `bytes=first-last`, by slicing."""
    if first == last == "" or (first and last and int(last) < int(first)):
        return 200, whole
    part = whole[int(first) : int(last) + 1 if last else None] if first else whole[max(0, len(whole) - int(last)) :]
    return (206, part) if part else (416, b"")


def test_a_range_of_any_form_gives_true_bytes(short: ASGIApp, target: str) -> None:
    """Whatever `Range` says, the answer is the whole, the part that `Content-Range` names, or a refusal."""
    whole = ask(short, target).body

    @given(value=st.text("bytes=0123456789-, ") | st.text(st.characters(min_codepoint=32, max_codepoint=126)))
    def check(value: str) -> None:
        answered = ask(short, target, range=value)

        assert answered.status in (200, 206, 416)
        if answered.status == 200:
            assert whole == answered.body
        if answered.status == 206:
            start, end = answered.headers["content-range"].removeprefix("bytes ").partition("/")[0].split("-")
            assert whole[int(start) : int(end) + 1] == answered.body

    check()


def test_a_range_outside_of_the_file_gets_an_envelope(
    app: ASGIApp, target: str, assert_declared: Callable[..., None]
) -> None:
    """416 tells the size of the file."""
    answered = ask(app, target, range="bytes=1926444-")

    assert answered.status == 416
    assert answered.headers["content-range"] == "bytes */1926444"
    assert_declared(answered, "past_the_end")


def test_a_download_can_be_resumed_while_the_file_is_the_same(app: ASGIApp, target: str) -> None:
    """`If-Range` gives the rest to who has the beginning, and the whole to who has another file's."""
    etag = ask(app, target).headers["etag"]

    assert ask(app, target, range="bytes=100-", if_range=etag).status == 206
    assert ask(app, target, range="bytes=100-", if_range='"another"').status == 200


def test_another_file_is_not_gone_on_with(app: ASGIApp, target: str, assert_declared: Callable[..., None]) -> None:
    """`If-Match` is held against the tag before anything else about the file is answered."""
    answered = ask(app, target, if_match='"another"', if_none_match="*", range="bytes=9999999-")

    assert answered.status == 412
    assert_declared(answered, "another_file")


def test_a_known_file_is_not_sent_again(app: ASGIApp, target: str) -> None:
    """304 comes without a body and outweighs a range."""
    etag = ask(app, target).headers["etag"]
    answered = ask(app, target, if_none_match=etag, range="bytes=0-9")

    assert answered.status == 304
    assert answered.body == b""


@pytest.mark.parametrize("fields", [{}, {"range": "bytes=0-9"}, {"range": "bytes=9999999-"}])
def test_head_tells_of_the_whole_file_and_sends_none_of_it(app: ASGIApp, target: str, fields: dict[str, str]) -> None:
    """It has the headers of GET and no body, and ranges are none of its business."""
    got, headed = ask(app, target), ask(app, target, "HEAD", **fields)
    expected, actual = dict(got.headers), dict(headed.headers)

    assert headed.status == 200
    assert headed.body == b""
    assert expected.pop("x-request-id") != actual.pop("x-request-id")
    assert expected == actual


@pytest.mark.parametrize("path", ["/media/tracks/mtrack_1", "/v1/music/shared/shr_track", "/nowhere"])
def test_head_sends_no_body_whatever_the_answer(app: ASGIApp, path: str) -> None:
    """Envelopes and views are left out too, and their length is told."""
    got, headed = ask(app, path), ask(app, path, "HEAD")

    assert got.status == headed.status
    assert headed.body == b""
    assert int(headed.headers["content-length"]) > 0


def test_a_url_past_its_time_gets_403(
    app: ASGIApp, target: str, advance: Callable[[float], None], assert_declared: Callable[..., None]
) -> None:
    """After 300 seconds on the clock of the mock it says that it expired."""
    advance(299)
    assert ask(app, target).status == 200

    advance(1)
    answered = ask(app, target)
    assert answered.status == 403
    assert_declared(answered, "expired")


@pytest.mark.parametrize("lacking", ["?", "?link=", "&signature="])
def test_an_incomplete_url_gets_403(
    app: ASGIApp, target: str, lacking: str, assert_declared: Callable[..., None]
) -> None:
    """Whatever is cut off."""
    assert lacking in target
    answered = ask(app, target.partition(lacking)[0])

    assert answered.status == 403
    assert_declared(answered, "invalid")


def test_a_url_altered_in_any_character_never_plays(short: ASGIApp, target: str) -> None:
    """Replaced, taken out or put in: it is refused, or leads nowhere."""
    visible = st.characters(min_codepoint=33, max_codepoint=126)

    @given(at=st.integers(0, len(target) - 1), keep=st.booleans(), put=st.just("") | visible)
    def check(at: int, keep: bool, put: str) -> None:
        altered = target[:at] + put + target[at if keep else at + 1 :]
        status = ask(short, altered).status

        assert status == 200 if altered == target else status in (403, 404)

    check()


def test_a_url_spelled_otherwise_never_plays(short: ASGIApp, target: str) -> None:
    """A percent-encoded character is an alteration, though it means the same."""
    spellings = [f"{target[:at]}%{ord(each):02X}{target[at + 1 :]}" for at, each in enumerate(target)]

    assert {ask(short, spelling).status for spelling in spellings} == {403, 404}


def test_a_url_of_another_mock_gets_403(mock: Mock, target: str) -> None:
    """Each signs with its own key."""
    other = replace(mock, signer=PlaybackSigner(b"another key"))

    assert ask(create_app(other), target).status == 403


@pytest.mark.parametrize(
    ("cause", "changes"), [("revoked", {"revoked": True}), ("expired", {"expires_at": 1782642600})]
)
def test_a_dead_link_stops_playing(
    changed: Callable[..., ASGIApp],
    world: World,
    target: str,
    assert_declared: Callable[..., None],
    cause: str,
    changes: Json,
) -> None:
    """A URL that played gets the 404 of a share that is gone once its link was revoked or expired."""
    links = {at: replace(link, **changes) if link.id == LINK else link for at, link in world.share_links.items()}
    answered = ask(changed(share_links=links), target)

    assert answered.status == 404
    assert_declared(answered, cause)


@pytest.mark.parametrize("link", [LINK, OF_COLLECTION])
def test_a_removed_track_stops_playing(
    changed: Callable[..., ASGIApp], world: World, mock: Mock, assert_declared: Callable[..., None], link: str
) -> None:
    """By its own link and by a collection's."""
    app = changed(tracks=(replace(world.tracks[0], removed=True), *world.tracks[1:]))
    answered = ask(app, mock.signer.url("", TRACK, link, mock.clock.time(), "00c0ffee"))

    assert answered.status == 404
    assert_declared(answered, "removed")


def test_a_removed_collection_stops_playing(changed: Callable[..., ASGIApp], world: World, mock: Mock) -> None:
    """Its tracks play by other links only."""
    app = changed(collections=(replace(world.collections[0], removed=True), *world.collections[1:]))

    assert ask(app, mock.signer.url("", TRACK, OF_COLLECTION, mock.clock.time(), "00c0ffee")).status == 404
    assert ask(app, mock.signer.url("", TRACK, LINK, mock.clock.time(), "00c0ffee")).status == 200


@pytest.mark.parametrize("field", [{"x_api_key": "nobody's"}, {"authorization": "Bearer nobody's"}])
def test_playing_minds_no_key(app: ASGIApp, target: str, field: dict[str, str]) -> None:
    """The URL is the credential; a bad key beside it is ignored."""
    assert ask(app, target, **field).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/media/tracks/mtrack_1", 405),
        ("GET", "/media/tracks/", 404),
        ("GET", "/media/tracks/mtrack_1/", 404),
        ("GET", "/media/elsewhere", 404),
        ("GET", "/media", 404),
    ],
)
def test_around_the_endpoint_answers_are_envelopes(app: ASGIApp, method: str, path: str, status: int) -> None:
    """Other methods and paths are refused as everywhere."""
    answered = ask(app, path, method)

    assert status == answered.status
    assert status == answered.json()["error"]["status"]


def test_playing_leaves_no_secret_in_the_log(app: ASGIApp, target: str, caplog: pytest.LogCaptureFixture) -> None:
    """The access log names the operation; nothing at any level shows the signature or the query that it stands in."""
    caplog.set_level(logging.DEBUG)
    ask(app, target)
    ask(app, f"{target}0")
    ask(app, target, range="bytes=9999999-")

    lines = [record.getMessage() for record in caplog.records if record.name == "aitronos_mock.access"]
    assert [line[:17] for line in lines] == ["GET playTrack 200", "GET playTrack 403", "GET playTrack 416"]
    assert target.rpartition("=")[2] not in caplog.text
    assert LINK not in caplog.text


def test_the_description_is_valid(described: Json) -> None:
    """It is OpenAPI 3.0."""
    validate(described)


@pytest.mark.parametrize("part", ["schemas", "headers"])
def test_the_description_says_what_the_contract_says(described: Json, contract: Any, part: str) -> None:
    """What both describe, errors and the headers of every answer, is the same in both."""
    ours, theirs = described["components"][part], contract.root["components"][part]
    shared = ours.keys() & theirs.keys()

    assert len(shared) == 3
    assert {name: theirs[name] for name in shared} == {name: ours[name] for name in shared}
