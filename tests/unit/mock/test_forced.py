"""Answers that one request forces, held against the descriptions that they come from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import resources
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock import contract as descriptions
from aitronos_mock.examples import Examples
from aitronos_mock.forced import preferences
from aitronos_mock.limits import Rate
from aitronos_mock.mock import Mock

Call = Callable[..., httpx.Response]
Json = dict[str, Any]

SHARE = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
RESOLVE = "/v1/music/shared/shr_track"
REQUESTS = {
    "shareTrack": ("POST", SHARE),
    "shareCollection": ("POST", "/v1/music/org_abc123/collections/mcoll_5e8a1d3f9c27/share"),
    "resolveShare": ("GET", RESOLVE),
    "saveSharedTrack": ("POST", f"{RESOLVE}/save"),
    "playTrack": ("GET", "/media/tracks/mtrack_b4d9e1c6a72f"),
}


def _described(path: str) -> Json:
    text = resources.files("aitronos_mock").joinpath(path).read_text("utf-8")
    document: Json = yaml.safe_load(text)
    return document


DOCUMENTS = [_described("openapi.yaml"), _described("media/openapi.yaml")]


def _target(document: Json, node: Json) -> Json:
    while "$ref" in node:
        found: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _every_example() -> Iterator[tuple[str, str, str, Json]]:
    for document in DOCUMENTS:
        for item in document["paths"].values():
            for operation in (each for each in item.values() if "operationId" in each):
                for status, response in operation["responses"].items():
                    content = _target(document, response).get("content", {}).get("application/json", {})
                    for name, example in content.get("examples", {}).items():
                        yield operation["operationId"], status, name, _target(document, example)["value"]


EVERY_EXAMPLE = list(_every_example())


def _here(text: str) -> str:
    """A body with the addresses of the mock under test in the place of the documented ones."""
    return text.replace("https://api.aitronos.com", "http://mock.test").replace(
        "https://cdn.aitronos.com", "http://mock.test"
    )


def test_there_are_examples_of_everything() -> None:
    """Every operation is among the examples, and each cause has its own: the list below is not empty by mistake."""
    assert REQUESTS.keys() == {operation for operation, *_ in EVERY_EXAMPLE}
    assert 60 <= len(EVERY_EXAMPLE)


@pytest.mark.parametrize(
    ("operation", "status", "name", "example"), EVERY_EXAMPLE, ids=[f"{o}-{s}-{n}" for o, s, n, _ in EVERY_EXAMPLE]
)
def test_every_example_can_be_forced(ask: Call, operation: str, status: str, name: str, example: Json) -> None:
    """By operation, status and name, without a key; only the id, the time and the addresses are the request's own."""
    method, path = REQUESTS[operation]

    response = ask(method, path, params={"__code": status, "__example": name})

    expected = json.loads(_here(json.dumps(example)))
    if "error" in expected:
        expected["error"]["trace_id"] = response.headers["x-request-id"]
    assert (int(status), expected) == (response.status_code, response.json())


@pytest.mark.parametrize("operation", list(REQUESTS)[:4])
def test_a_forced_answer_is_one_that_the_contract_declares(call: Call, operation: str) -> None:
    """Status, body and headers pass the checks that real answers pass."""
    method, path = REQUESTS[operation]
    statuses = {status for each, status, *_ in EVERY_EXAMPLE if each == operation}

    assert statuses == {str(call(method, f"{path}?__code={status}").status_code) for status in statuses}


@pytest.mark.parametrize(
    ("operation", "status", "headers"),
    [
        ("shareTrack", 401, {"www-authenticate": "Bearer"}),
        ("saveSharedTrack", 401, {"www-authenticate": "Bearer"}),
        ("resolveShare", 200, {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "119"}),
        ("resolveShare", 404, {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "119"}),
        ("resolveShare", 429, {"retry-after": "1", "x-ratelimit-limit": "100", "x-ratelimit-remaining": "0"}),
        ("playTrack", 416, {"content-range": "bytes */1926444"}),
    ],
)
def test_declared_headers_come_with_it(ask: Call, operation: str, status: int, headers: dict[str, str]) -> None:
    """What the description declares for the status is in the answer, with the values of its examples."""
    method, path = REQUESTS[operation]

    response = ask(method, path, params={"__code": status})

    assert headers == {name: response.headers[name] for name in headers}


def test_a_forced_answer_speaks_of_now(ask: Call, start: int, advance: Callable[[float], None]) -> None:
    """The time of an error, and the reset of the rate, are on the clock of the mock and not those of the example."""
    advance(86400.5)
    response = ask("GET", RESOLVE, params={"__code": "429"})

    assert "2026-06-29T10:30:00Z" == response.json()["error"]["timestamp"]
    assert str(start + 86400 + 60) == response.headers["x-ratelimit-reset"]


def test_addresses_are_those_of_the_sandbox(
    calling: Callable[[Mock], Call], mock: Mock, assert_envelope: Callable[..., None]
) -> None:
    """`url` and `playback_url` begin where the client reached the sandbox; the rest of them is the example's."""
    call = calling(replace(mock, path="/sandboxes/mine"))

    url = call("POST", f"{SHARE}?__code=201").json()["url"]
    tracks = call("GET", f"{RESOLVE}?__example=collection").json()["tracks"]

    at = "http://mock.test/sandboxes/mine"
    assert f"{at}/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c" == url
    assert [f"{at}/music/track/...signed"] * 2 == [track["playback_url"] for track in tracks]


def test_forcing_leaves_the_example_as_it_was(ask: Call) -> None:
    """Two forced answers differ in their ids, and the second one has nothing of the first."""
    one, other = (ask("GET", RESOLVE, params={"__code": "404"}) for _ in range(2))

    assert one.json()["error"]["trace_id"] != other.json()["error"]["trace_id"]
    assert other.headers["x-request-id"] == other.json()["error"]["trace_id"]


@pytest.mark.parametrize(
    ("prefer", "query", "status", "kind"),
    [
        ("code=200", "", 200, "track"),
        ("example=collection", "", 200, "collection"),
        ("", "__code=200", 200, "track"),
        ("", "__example=collection", 200, "collection"),
        ("code=404", "__code=429", 404, None),
        ("code=200", "__example=collection", 200, "track"),
        ("return=minimal", "__code=429", 429, None),
        ("dynamic=true", "__dynamic=true&__code=404", 404, None),
        ("", "__code=404&__code=429", 404, None),
        ("", "a=b&__code=4%304", 404, None),
        ("CODE=404", "", 404, None),
        ('code="404"', "", 404, None),
        ("code=404;strict, code=429", "", 404, None),
    ],
)
def test_the_header_counts_and_then_the_query(
    ask: Call, prefer: str, query: str, status: int, kind: str | None
) -> None:
    """The first example of the named status, or the named one of success; of what is named twice, the first."""
    response = ask("GET", f"{RESOLVE}?{query}", headers={"Prefer": prefer} if prefer else {})

    assert (status, kind) == (response.status_code, response.json().get("kind"))


def test_several_header_fields_are_one(ask: Call) -> None:
    """`Prefer` may come in several lines."""
    headers = [("Prefer", "respond-async, code=404"), ("Prefer", "example=revoked")]

    response = ask("GET", RESOLVE, headers=headers)

    assert (404, "code=404, example=revoked") == (response.status_code, response.headers["preference-applied"])


@pytest.mark.parametrize(
    ("headers", "query", "applied"),
    [
        ({"Prefer": "wait=10, code=404"}, "", "code=404"),
        ({"Prefer": "example=track"}, "", "example=track"),
        ({"Prefer": "code=418"}, "", None),
        ({}, "__code=404", None),
        ({"Prefer": "wait=10"}, "", None),
    ],
)
def test_the_answer_names_the_preferences_that_it_follows(
    ask: Call, headers: dict[str, str], query: str, applied: str | None
) -> None:
    """`Preference-Applied` speaks of the header alone, and of nothing that was not followed."""
    assert applied == ask("GET", f"{RESOLVE}?{query}", headers=headers).headers.get("preference-applied")


@pytest.mark.parametrize(
    ("query", "code", "example"),
    [
        ("__code=418", "418", None),
        ("__code=4o4", "4o4", None),
        ("__code=", "", None),
        ("__code=404&__example=removed_track", "404", "removed_track"),
        ("__example=revoked", None, "revoked"),
        ("__code=%EF%BF%BD", "\N{REPLACEMENT CHARACTER}", None),
    ],
)
def test_what_is_not_defined_is_refused_with_what_is(
    ask: Call, query: str, code: str | None, example: str | None
) -> None:
    """The envelope lists the codes and names of the operation, in the order of the description."""
    response = ask("GET", f"{RESOLVE}?{query}")

    error = response.json()["error"]
    defined: dict[str, list[str]] = {}
    for operation, status, name, _ in EVERY_EXAMPLE:
        if operation == "resolveShare":
            defined.setdefault(status, []).append(name)
    assert (422, "FORCED_ANSWER_UNKNOWN", "client_error") == (response.status_code, error["code"], error["type"])
    expected = {"operation": "resolveShare", "code": code, "example": example, "defined": defined}
    assert expected == error["details"]


def test_audio_cannot_be_forced(ask: Call) -> None:
    """Its description has no examples of success, so an example alone is refused like an unknown one."""
    response = ask("GET", "/media/tracks/any?__example=expired")

    assert "FORCED_ANSWER_UNKNOWN" == response.json()["error"]["code"]


def test_nothing_is_asked_counted_or_kept(build: Callable[..., Mock], calling: Callable[[Mock], Call]) -> None:
    """A forced answer needs no key and no valid body, uses up no allowance, opens no link and mints none."""
    mock = build(Rate(60, 2))
    call = calling(mock)

    forced = [call("GET", f"{RESOLVE}?__code=200") for _ in range(3)]
    shared = call("POST", f"{SHARE}?__code=201", content=b"{no json")
    saved = call("POST", f"{RESOLVE}/save?__code=201", "nobody's")
    real = call("GET", RESOLVE)

    unknown = call("GET", f"/v1/music/shared/{shared.json()['token']}")

    answers = (*forced, shared, saved, real, unknown)
    assert [200, 200, 200, 201, 201, 200, 404] == [each.status_code for each in answers]
    assert ["opened", "unknown"] == [entry.outcome for entry in asyncio.run(mock.audit.entries())]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("DELETE", RESOLVE, 405), ("GET", "/v1/music/shared/shr_track/", 404)],
)
def test_where_no_operation_is_nothing_can_be_forced(ask: Call, method: str, path: str, status: int) -> None:
    """An unknown path stays unknown, and a wrong method wrong."""
    assert status == ask(method, f"{path}?__code=500", headers={"Prefer": "code=500"}).status_code


def test_head_is_forced_like_get(ask: Call) -> None:
    """The same head, and no body."""
    response = ask("HEAD", RESOLVE, headers={"Prefer": "code=429"})

    assert (429, "1", b"") == (response.status_code, response.headers["retry-after"], response.content)


@pytest.mark.parametrize("query", ["", "x=1", "__=1", "__proto__=1", "code=404", "_code=404"])
def test_other_requests_are_answered_in_earnest(ask: Call, query: str) -> None:
    """Only the two names force anything."""
    assert "mtrack_b4d9e1c6a72f" == ask("GET", f"{RESOLVE}?{query}").json()["track"]["id"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", {}),
        ("code=404", {"code": "404"}),
        ("Code = 404 ,EXAMPLE= revoked", {"code": "404", "example": "revoked"}),
        (
            'code="404", example="a, comma; and \\"quotes\\""',
            {"code": "404", "example": 'a, comma; and "quotes"'},
        ),
        ("respond-async; foo=bar, code=404; foo=404", {"respond-async": "", "code": "404"}),
        ("code", {"code": ""}),
        ("code=", {"code": ""}),
        ('code=""', {"code": ""}),
        ("code=404 example=revoked", {"code": "404 example=revoked"}),
        (",, ,code=404,", {"code": "404"}),
        ('code="404', {"code": '"404'}),
        ("code=1, code=2", {"code": "1"}),
        ('x="a\\', {"x": '"a\\'}),
    ],
)
def test_preferences_are_read_as_the_rfc_has_them(header: str, expected: dict[str, str]) -> None:
    """Names without regard to case, values as tokens or quoted, parameters left out, the first of equals."""
    assert expected == preferences(header)


_NAMES = st.text("abcdefghijklmnopqrstuvwxyz-!#$%&'*+.^_`|~0123456789", min_size=1)
_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"))


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(st.dictionaries(_NAMES, _VALUES), st.sampled_from([",", ", ", " ,\t", ",,"]))
def test_what_is_written_by_the_rfc_is_read_back(named: dict[str, str], comma: str) -> None:
    """Any values, quoted, come out as they went in, whatever stands between the preferences."""
    written = comma.join(f'{name}={_quoted(value)}; parameter="ignored, too"' for name, value in named.items())
    assert named == preferences(written)


@given(st.text(st.characters(max_codepoint=255)))
def test_no_header_is_too_odd(header: str) -> None:
    """Whatever is sent is read as something, and names are in lower case without space around them."""
    assert all(name == name.strip().lower() != "" for name in preferences(header))


@pytest.mark.parametrize("piece", ['"', '\\"', '"\\', "=", "a=", ",;", '"a",', "a" * 7])
def test_a_long_header_is_read_as_fast_as_a_short_one(piece: str) -> None:
    """16 KiB of anything take no time; a pattern that goes back and forth would never end here."""
    preferences(piece * (16384 // len(piece)))


def test_the_examples_are_read_from_the_descriptions_once() -> None:
    """What they know is what the documents say, and a document that changes afterwards changes nothing."""
    document = descriptions.load()
    examples = Examples(document)
    document["paths"].clear()

    assert "resolveShare" in examples
    assert "playTrack" not in examples
    assert None not in examples
    assert ["200", "404", "429", "500"] == list(examples.defined("resolveShare"))
