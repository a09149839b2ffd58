"""Request bodies, held against the contract."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.types import Message, Scope

from aitronos_mock.exchange import Exchange
from aitronos_mock.mock import Mock
from aitronos_mock.refusals import FieldError, InvalidBody
from aitronos_mock.validation import BodyValidation

Call = Callable[..., httpx.Response]

TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
JSON = {"Content-Type": "application/json"}
DAY = 86400

anything = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def share(call: Call) -> Call:
    """Shares a track with a body, as its owner."""

    def share(content: Any = b"", headers: Any = JSON) -> httpx.Response:
        return call("POST", TRACK, "owner-key", content=content, headers=headers)

    return share


@pytest.mark.parametrize(
    ("body", "visibility", "expires_at"),
    [
        (b"", "link_only", None),
        (b"{}", "link_only", None),
        (b" \r\n\t{ } ", "link_only", None),
        (b'{"visibility":"link_only"}', "link_only", None),
        (b'{"visibility":"public"}', "public", None),
        (b'{"visibility":"p\\u0075blic"}', "public", None),
        (b'{"expires_in_days":null}', "link_only", None),
        (b'{"expires_in_days":1}', "link_only", "2026-06-29T10:30:00Z"),
        (b'{"expires_in_days":30}', "link_only", "2026-07-28T10:30:00Z"),
        (b'{"expires_in_days":90}', "link_only", "2026-09-26T10:30:00Z"),
        (b'{"expires_in_days":91}', "link_only", "2026-09-26T10:30:00Z"),
        (b'{"expires_in_days":' + b"9" * 4000 + b"}", "link_only", "2026-09-26T10:30:00Z"),
    ],
)
def test_a_valid_body_decides_the_terms(share: Call, body: bytes, visibility: str, expires_at: str | None) -> None:
    """Absent, empty and `{}` all mean the defaults; more than 90 days, however many, are cut to 90."""
    link = share(body).json()

    assert (visibility, expires_at) == (link["visibility"], link["expires_at"])


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "APPLICATION/JSON",
        "application/json;charset=utf-8",
        'application/json; charset="UTF-8"',
        "application/json; charset=utf8",
        "application/json; profile=x",
        " application/json ; ",
        None,
    ],
)
def test_json_may_be_declared_in_many_ways_or_not_at_all(share: Call, content_type: str | None) -> None:
    """Case, parameters and quotes of the media type do not matter, and a body without one is read as JSON."""
    response = share(b'{"visibility":"public"}', {} if content_type is None else {"Content-Type": content_type})

    assert "public" == response.json()["visibility"]


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "nonsense", ""])
def test_the_media_type_of_no_body_does_not_matter(share: Call, content_type: str) -> None:
    """Clients send a media type with an empty body; there is nothing that it could be the type of."""
    assert 201 == share(b"", {"Content-Type": content_type}).status_code


@pytest.mark.parametrize(("size", "status"), [(65535, 422), (65536, 422), (65537, 413), (1_000_000, 413)])
@pytest.mark.parametrize("chunked", [False, True])
def test_the_limit_on_size_is_64_kib(share: Call, size: int, status: int, chunked: bool) -> None:
    """A body up to the limit is read, one byte more is too much, whether its length is declared or not."""

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 1000):
            yield b" " * min(1000, size - start)

    assert status == share(chunks() if chunked else b" " * size).status_code


def test_the_largest_body_is_taken(share: Call) -> None:
    """A valid body of exactly 64 KiB is accepted."""
    assert 201 == share(b"{}".ljust(65536)).status_code


@pytest.mark.parametrize("chunked", [False, True])
def test_the_media_type_is_checked_before_the_size(share: Call, chunked: bool) -> None:
    """Of a body that is too large and of another media type, the type is told."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1000

    assert 415 == share(chunks() if chunked else b" " * 70_000, {"Content-Type": "text/plain"}).status_code


def test_reading_stops_where_the_body_is_too_large(share: Call) -> None:
    """An endless body is read no further than the limit."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1000
        pytest.fail("read on")

    assert 413 == share(endless()).status_code


def test_every_failure_is_listed_in_the_order_sent(share: Call) -> None:
    """Unknown fields come first, as they were sent, then the known ones; `field` and `value` are the first one's."""
    response = share(b'{"z": 1, "expires_in_days": "x", "a": {"b": [null]}, "visibility": "x"}')

    unknown = "unknown field; known are visibility, expires_in_days"
    assert {
        "field": "z",
        "value": 1,
        "errors": [
            {"field": "z", "message": unknown},
            {"field": "a", "message": unknown},
            {"field": "visibility", "message": "must be one of link_only, public"},
            {"field": "expires_in_days", "message": "must be an integer or null"},
        ],
    } == response.json()["error"]["details"]


@pytest.mark.parametrize("name", ["", "body", "Visibility", "a.b", "\u2603", "\u0000", "x" * 60_000])
def test_an_unknown_field_is_named_as_it_was_sent(share: Call, name: str) -> None:
    """Whatever an unknown field is called, the answer names it and gives its value back."""
    details = share(json.dumps({name: [1, None]})).json()["error"]["details"]

    assert (name, [1, None]) == (details["field"], details["value"])


@pytest.mark.parametrize("body", [b'{"visibility": "\\ud800"}', b'{"\\udfff": 1}'])
def test_half_a_surrogate_pair_comes_back_as_it_was(share: Call, body: bytes) -> None:
    """What JSON can escape and UTF-8 cannot carry is echoed escaped."""
    response = share(body)

    ((name, value),) = json.loads(body).items()
    assert 422 == response.status_code
    assert (name, value) == (response.json()["error"]["details"]["field"], response.json()["error"]["details"]["value"])


@pytest.mark.parametrize(
    "nested",
    [
        lambda depth: "[" * depth + "]" * depth,
        lambda depth: '{"visibility":' * depth + "1" + "}" * depth,
        lambda depth: '{"visibility":' + "[" * depth + "]" * depth + "}",
        lambda depth: '{"expires_in_days":' + '{"a":' * depth + "1" + "}" * depth + "}",
        lambda depth: '{"unknown":' + "[" * depth + "]" * depth + "}",
    ],
)
def test_no_depth_of_nesting_breaks_the_server(share: Call, nested: Callable[[int], str]) -> None:
    """However deep a body is nested, it is refused like any other."""
    depths = [1, 98, 99, 100, 101, *range(900, 1000), 1100, 4000]

    assert {422} == {share(nested(depth)).status_code for depth in depths}


@pytest.mark.parametrize(
    ("value", "said"),
    [(b"-1" + b"0" * 4000, "must be at least 1"), (b"9" * 5000, "not valid JSON"), (b"1" * 300 + b".5", "or null")],
)
def test_no_number_breaks_the_server(share: Call, value: bytes, said: str) -> None:
    """A number of thousands of digits is refused like any other, or as no number where Python reads none."""
    response = share(b'{"expires_in_days": ' + value + b"}")

    assert 422 == response.status_code
    assert response.json()["error"]["system_message"].endswith(said)


def test_refusing_mints_nothing(share: Call, call: Call) -> None:
    """A refused share leaves no link behind: the next one gets the next id."""
    share(b'{"visibility": "friends"}')

    assert "mslink_000000000003" == share(b"{}").json()["id"]


def test_a_body_of_a_save_is_ignored(call: Call) -> None:
    """A save has no body, and one that is sent makes no difference, whatever it is."""
    save = "/v1/music/shared/shr_track/save"
    bodies = [b"", b"{", b"\xff", b" " * 70_000]

    assert {201} == {
        call("POST", save, "recipient-key", content=body, headers={"Content-Type": "text/odd"}).status_code
        for body in bodies
    }


def test_a_demand_without_words_of_its_own_is_told_too(mock: Mock) -> None:
    """Should the contract demand more of a body one day, its failures are told too, only less nicely."""
    schema = {"type": "object", "properties": {"note": {"type": "string", "not": {"enum": ["long"]}}}}
    operation = SimpleNamespace(body_schema=lambda _: schema, request_body={})
    scope: Scope = {"type": "http", "method": "POST", "headers": []}
    Exchange.begin(mock, scope)

    async def receive() -> Message:
        return {"type": "http.request", "body": b'{"note": "long"}', "more_body": False}

    async def nothing(*_: object) -> None:
        pytest.fail("passed on")

    with pytest.raises(InvalidBody) as refused:
        asyncio.run(BodyValidation(nothing, cast(Any, operation))(scope, receive, nothing))
    said = "must be as the description of this operation says"
    assert [FieldError("note", "long", said)] == refused.value.errors


class _Refused(Exception):
    pass


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _Refused
    return dict(pairs)


def _refuse(_: str) -> None:
    raise _Refused


def _modelled(body: bytes) -> int:
    """The status that the documented rule gives, told in its own words."""
    if not body:
        return 201
    if len(body) > 65536:
        return 413
    try:
        value = json.loads(body.decode(), object_pairs_hook=_no_duplicates, parse_constant=_refuse)
    except (ValueError, _Refused):
        return 422
    if not isinstance(value, dict) or not value.keys() <= {"visibility", "expires_in_days"}:
        return 422
    days = value.get("expires_in_days")
    good_days = days is None or (type(days) is int and days >= 1)
    return 201 if good_days and value.get("visibility", "public") in ("public", "link_only") else 422


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters())
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
terms = st.fixed_dictionaries(
    {},
    optional={
        "visibility": st.sampled_from(["public", "link_only", "friends"]) | values,
        "expires_in_days": st.integers(-2, 100) | values,
        "expire_in_days": values,
    },
)
texts = (values | terms).map(json.dumps).map(str.encode)
broken = st.tuples(texts, st.integers(0), st.binary(max_size=3)).map(
    lambda parts: (at := parts[1] % (len(parts[0]) + 1), parts[0][:at] + parts[2] + parts[0][at + 1 :])[1]
)


@anything
@given(texts | broken | st.binary())
@example(b'{"visibility": "public", "expires_in_days": 1}')
@example(b'{"expires_in_days": 1, "expires_in_days": 1}')
@example(b'{"expires_in_days": 1e400}')
@example(b"\xef\xbb\xbf{}")
def test_any_bytes_are_answered_as_the_rule_says(share: Call, body: bytes) -> None:
    """Whatever is sent as JSON gets a link or 422, as an independent telling of the rule has it."""
    assert _modelled(body) == share(body).status_code


@anything
@given(terms)
def test_what_is_accepted_is_what_was_asked_for(share: Call, start: int, body: dict[str, Any]) -> None:
    """An accepted body's terms are the link's, and a refused one's first failure is in the body as named."""
    response = share(json.dumps(body))

    if response.status_code == 201:
        assert body.get("visibility", "link_only") == response.json()["visibility"]
        assert (body.get("expires_in_days") is None) == (response.json()["expires_at"] is None)
    else:
        details = response.json()["error"]["details"]
        if details["field"] != "body":
            assert json.dumps(body[details["field"]]) == json.dumps(details["value"])


header_values = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
media_types = header_values | st.builds("application/json;{}".format, header_values)


@anything
@given(media_types)
@example("application/json; charset*=utf-8''utf-8")
@example("application/json; charset*0*=x'y'z; charset*1=q")
@example("application/json; charset*a*=x")
@example('application/json; charset="')
def test_any_media_type_is_taken_or_refused(share: Call, media_type: str) -> None:
    """Whatever the media type says, a body is read as JSON or refused with 415, and the type is given back."""
    response = share(b"{}", {"Content-Type": media_type})

    assert response.status_code in (201, 415)
    if response.status_code == 415:
        assert {"content_type": media_type} == response.json()["error"]["details"]


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip", "GZIP", "\xe9"])
def test_a_coded_body_is_refused(share: Call, coding: str) -> None:
    """It is not read as if it were plain; the refusal names what was declared and what would be taken."""
    response = share(b"{}", {**JSON, "Content-Encoding": coding.encode("latin-1")})

    error = response.json()["error"]
    assert (415, "UNSUPPORTED_MEDIA_TYPE", {"content_encoding": coding}) == (
        response.status_code,
        error["code"],
        error["details"],
    )
    assert "Content-Encoding is not supported; send the body as it is" == error["system_message"]
    assert "identity" == response.headers["accept-encoding"]


@pytest.mark.parametrize(("coding", "content"), [("identity", b"{}"), ("Identity", b"{}"), ("gzip", b"")])
def test_a_plain_body_is_taken_and_none_has_no_coding(share: Call, coding: str, content: bytes) -> None:
    """`identity` says that nothing was done, and of nothing nothing needs to be known."""
    assert 201 == share(content, {**JSON, "Content-Encoding": coding}).status_code
