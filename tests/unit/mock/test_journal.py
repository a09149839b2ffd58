"""What is recorded of a request, and what is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.journal import Filters, Journal, RecordedRequest, TakenRequest, redacted, redacted_headers
from aitronos_mock.records import Room

from .whole import OWNER, RECIPIENT, RESOLVE, SHARE_TRACK, TOKEN, Json, Whole

HEX = TOKEN.removeprefix("shr_")


def _taken(second: int, path: bytes = b"/", *fields: tuple[bytes, bytes]) -> TakenRequest:
    return TakenRequest(second, "GET", path, None, 404, 0, f"req_{second}", "203.0.113.7", fields, None)


def _entry(second: int) -> RecordedRequest:
    return RecordedRequest(second, "GET", "/", None, 404, 0, f"req_{second}", "203.0.113.7", {}, None)


def test_the_oldest_requests_go_first() -> None:
    """Past its bound the journal forgets the oldest request, and a limit picks the newest of the rest."""
    journal = Journal(max_entries=2)
    for second in range(3):
        journal.record(_taken(second))

    assert [_entry(1), _entry(2)] == asyncio.run(journal.requests(Filters()))
    assert [_entry(2)] == asyncio.run(journal.requests(Filters(limit=1)))


def test_what_is_kept_as_it_was_shows_nothing_of_it() -> None:
    """A request keeps its secrets until somebody asks after it, and its repr has none of them."""
    taken = _taken(1, RESOLVE.encode(), (b"x-api-key", b"canary"))

    assert "<TakenRequest req_1>" == repr(taken)
    assert ("/v1/music/shared/{token}", {"x-api-key": "[redacted]"}) == (
        taken.redacted().path,
        taken.redacted().headers,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"/v1/music/shared/{TOKEN}", "/v1/music/shared/{token}"),
        (f"/v1/music/shared/{TOKEN}/save", "/v1/music/shared/{token}/save"),
        ("/v1/music/shared/of-another-form", "/v1/music/shared/{token}"),
        ("/v1/music/shared/a%2Fb%3Fc", "/v1/music/shared/{token}"),
        (f"/v1/music/{TOKEN}", "/v1/music/{token}"),
        (f"/v1/music/%73hared/%73hr_{HEX}", "/v1/music/shared/{token}"),
        ("/v1/music/%73hared/of-another-form", "/v1/music/shared/{token}"),
        (f"http://a.test/?next=%2Fv1%2Fmusic%2Fshared%2F{TOKEN}", "http://a.test/?next=/v1/music/shared/{token}"),
        (f"http://a.test/#{TOKEN}", "http://a.test/#{token}"),
        ("/media/tracks/x?link=y&signature=0123", "/media/tracks/x?link=y&signature=[redacted]"),
        (
            "http://a.test/?api_key=1&b=2#access_token=3",
            "http://a.test/?api_key=[redacted]&b=2#access_token=[redacted]",
        ),
        ("http://a.test/?X-Auth%5FSecret=1", "http://a.test/?X-Auth_Secret=[redacted]"),
        ("http://a.test/?next=%3FPassword%3D1", "http://a.test/?next=?Password=[redacted]"),
        ("Bearer of-whatever-form", "Bearer [redacted]"),
        ("called with sk_live_0123456789ab", "called with [redacted]"),
        ("/nothing/api-key-0123456789ab?b=2", "/nothing/[redacted]?b=2"),
        ("http://a.test/?ref=freddy%5F0123456789ab", "http://a.test/?ref=[redacted]"),
        ("api-client-without-digits", "api-client-without-digits"),
        ("code=404, example=revoked", "code=404, example=revoked"),
        ("/a%20path/of%2Fnothing", "/a%20path/of%2Fnothing"),
        ("/v1/music/org_abc123/tracks/mtrack_1/share", "/v1/music/org_abc123/tracks/mtrack_1/share"),
    ],
)
def test_tokens_and_signatures_are_taken_out(text: str, expected: str) -> None:
    """A token is known by where it stands and by its form, behind percent-encoding too; all else stays as it was."""
    assert expected == redacted(text)


@given(
    before=st.text("/:?&=xyz", max_size=8),
    digits=st.text("0123456789abcdef", min_size=32, max_size=32),
    after=st.sampled_from(["", "/save", "?a=b", "&c", " end"]),
    encoded=st.sets(st.integers(0, 35)),
)
def test_no_token_stays_in_a_text(before: str, digits: str, after: str, encoded: set[int]) -> None:
    """Wherever a token stands, and whichever of its characters are percent-encoded, its digits are gone."""
    token = "".join(f"%{ord(each):02X}" if at in encoded else each for at, each in enumerate(f"shr_{digits}"))

    shown = redacted(before + token + after)
    assert [] == [digits[at : at + 4] for at in range(29) if digits[at : at + 4] in shown]


def test_of_a_credential_only_its_presence_is_recorded() -> None:
    """What is named like a secret is redacted whatever its form, and tokens in other headers too."""
    named = "x-api-key authorization proxy-authorization cookie api-key x-auth x-amz-security-token x-goog-signature"
    secrets = dict.fromkeys((*named.split(), "x-client-secret", "x-db-password", "x-session-id"), "secret")
    headers = {
        **secrets,
        "referer": f"http://a.test/v1/music/shared/{TOKEN}",
        "accept": "*/*",
    }
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]

    assert {
        **dict.fromkeys(secrets, "[redacted]"),
        "referer": "http://a.test/v1/music/shared/{token}",
        "accept": "*/*",
    } == redacted_headers(raw)


@pytest.mark.parametrize("name", ["X-API-Key", "Authorization"])
def test_what_a_request_identifies_itself_with_is_nowhere_else(whole: Whole, name: str) -> None:
    """A key has no form of its own, so what stands in a credential's place is hidden wherever it is repeated."""
    key = "of no known form"
    value = f"Bearer {key}" if name == "Authorization" else key
    whole.ask("GET", f"/nothing/{key}", headers={name: value, "X-Debug": f"called with {key}"})
    (recorded,) = whole.items("/requests")

    assert ("/nothing/[redacted]", "called with [redacted]") == (recorded["path"], recorded["headers"]["x-debug"])


def test_what_is_too_short_for_a_credential_hides_nothing(whole: Whole) -> None:
    """Or a journal of requests with the key `x` could not be read."""
    whole.ask("GET", "/nothing/x", headers={"X-API-Key": "x"})

    assert ["/nothing/x"] == [each["path"] for each in whole.items("/requests")]


def test_no_header_is_lost() -> None:
    """Values of the same name are joined, and bytes that are no ASCII are kept as they were sent."""
    raw = [(b"prefer", b"code=404"), (b"prefer", b"example=revoked"), (b"x-note", b"\xe9")]

    assert {"prefer": "code=404, example=revoked", "x-note": "\xe9"} == redacted_headers(raw)


REQUESTS: list[tuple[str, str, str | None, Json]] = [
    ("GET", RESOLVE, None, {}),
    ("POST", f"{RESOLVE}/save", RECIPIENT, {}),
    ("GET", f"/v1/music/shared/%73hr_{HEX}", None, {}),
    ("GET", f"/nothing/{TOKEN}", OWNER, {}),
    ("DELETE", RESOLVE, OWNER, {}),
    ("POST", SHARE_TRACK, OWNER, {"headers": {"Referer": f"http://a.test/v1/music/shared/{TOKEN}"}}),
    ("POST", SHARE_TRACK, OWNER, {"json": {"visibility": TOKEN}}),
    ("POST", SHARE_TRACK, None, {"headers": {"Authorization": f"Bearer {OWNER}", "Cookie": f"key={OWNER}"}}),
    ("GET", f"{RESOLVE}?key={OWNER}&token={TOKEN}", None, {}),
]


@pytest.mark.parametrize(("method", "path", "key", "request_"), REQUESTS)
def test_no_secret_reaches_the_journal(whole: Whole, method: str, path: str, key: str | None, request_: Json) -> None:
    """Neither a token nor a key is in the journal: not from a path, a query, a header or a body."""
    whole.ask(method, path, key, **request_)
    recorded = json.dumps(whole.items("/requests"))

    assert 1 == len(whole.items("/requests"))
    assert [] == [secret for secret in (HEX, OWNER, RECIPIENT) if secret in recorded]


def test_no_minted_secret_reaches_the_journal(whole: Whole) -> None:
    """A token that was just made, and the signature of a playback URL, are as secret as those of the seed."""
    share = whole.call("POST", SHARE_TRACK, OWNER).json()
    playback_url = whole.ask("GET", share["url"]).json()["track"]["playback_url"]
    whole.ask("GET", playback_url)
    whole.ask("GET", f"{playback_url}0", headers={"Referer": playback_url})
    recorded = json.dumps(whole.items("/requests"))

    assert ["shareTrack", "resolveShare", "playTrack", "playTrack"] == [
        entry["operation"] for entry in whole.items("/requests")
    ]
    secrets = (share["token"], playback_url.rpartition("signature=")[2])
    assert [] == [secret for secret in secrets if secret in recorded]


def test_every_request_to_the_api_is_recorded(whole: Whole) -> None:
    """Refused ones and ones that nothing serves are in the journal too, those without an operation."""
    whole.call("POST", SHARE_TRACK)
    whole.call("POST", SHARE_TRACK, OWNER, json={"visibility": "secret"})
    whole.ask("HEAD", RESOLVE)
    whole.call("GET", "/nothing")
    whole.call("GET", SHARE_TRACK)

    assert [
        ("POST", "shareTrack", 401, None),
        ("POST", "shareTrack", 422, None),
        ("HEAD", "resolveShare", 200, None),
        ("GET", None, 404, None),
        ("GET", None, 405, None),
    ] == [(each["method"], each["operation"], each["status"], each["body"]) for each in whole.items("/requests")]


def test_a_body_has_no_room_for_a_secret(contract: Any) -> None:
    """A body is taken down once it is valid; its fields are words of a list, and numbers."""
    bodies = [operation["requestBody"] for item in contract.root["paths"].values() for operation in _operations(item)]
    fields = [
        contract.look_up(field)
        for body in bodies
        for field in contract.look_up(contract.look_up(body)["content"]["application/json"]["schema"])[
            "properties"
        ].values()
    ]

    assert 4 == len(fields)
    assert [] == [field for field in fields if "enum" not in _kind(contract, field) and field.get("type") != "integer"]


def _operations(item: Json) -> list[Json]:
    return [each for each in item.values() if isinstance(each, dict) and "requestBody" in each]


def _kind(contract: Any, field: Json) -> Json:
    """A field with what it is composed of."""
    kind: Json = dict(field)
    for part in field.get("allOf", []):
        kind |= contract.look_up(part)
    return kind


def test_records_of_all_sandboxes_share_their_room(make_whole: Callable[..., Whole]) -> None:
    """One more request anywhere, and the oldest one of all is forgotten; each sandbox still shows its own alone."""
    whole = make_whole(room=Room(12_000))
    one, other = whole.create(), whole.create()
    whole.ask("GET", f"/sandboxes/{one}/first")
    for _ in range(20):
        whole.ask("GET", f"/sandboxes/{other}/later")

    assert [] == whole.items("/requests", one)
    assert {"/later"} == {each["path"] for each in whole.items("/requests", other)}
    assert 1 < len(whole.items("/requests", other)) < 20
    whole.ask("GET", f"/sandboxes/{one}/last")
    assert ["/last"] == [each["path"] for each in whole.items("/requests", one)]


def test_resolves_share_the_room(make_whole: Callable[..., Whole]) -> None:
    """The audit is bounded as the journal is, and with it."""
    whole = make_whole(room=Room(12_000))
    for _ in range(20):
        whole.ask("GET", RESOLVE)

    assert 1 < len(whole.items("/audit")) < 20
