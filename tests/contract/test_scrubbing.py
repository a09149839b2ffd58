"""Secrets and what is new at every recording leave a cassette; everything else stays as it was said."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from vcr.request import Request

from cassettes.scrubbing import Scrubber, UnscrubbableError
from cassettes.world import REPLAYED, Thing, World

SERVER = "http://127.0.0.1:4711"
KEY = "k+y/with odd=characters"
TOKEN = "t0ken-of-another-shape"
WORLD = World(SERVER, {Thing.OWNER_KEY: KEY, Thing.REVOKED_TOKEN: TOKEN, Thing.TRACK: "mtrack_1234567890ab"})
Json = dict[str, Any]


def scrubbed(
    body: Any = None,
    headers: dict[str, str] | None = None,
    *,
    scrubber: Scrubber | None = None,
    request: Request | None = None,
    status: int = 200,
) -> tuple[Request, Json]:
    """One interaction after scrubbing, its body decoded."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response: Json = {
        "status": {"code": status, "message": "OK"},
        "headers": {name: [value] for name, value in (headers or {}).items()},
        "body": {"string": content},
    }
    asked = request or Request("GET", f"{SERVER}/v1/music/shared/{TOKEN}", b"", {})
    kept, answer = (scrubber or Scrubber(WORLD))(asked, response)
    return kept, answer


def body_of(body: Any, scrubber: Scrubber | None = None) -> Any:
    """What becomes of an answer's body."""
    return json.loads(scrubbed(body, scrubber=scrubber)[1]["body"]["string"])


def headers_of(**headers: str) -> dict[str, list[str]]:
    """What becomes of an answer's headers; underscores stand for hyphens."""
    received = {name.replace("_", "-"): value for name, value in headers.items()}
    kept: dict[str, list[str]] = scrubbed(headers=received)[1]["headers"]
    return kept


def ago(**time: float) -> str:
    """A moment of the past, as the API writes it."""
    return (datetime.now(UTC) - timedelta(**time)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_things_of_the_world_become_their_fakes() -> None:
    """Keys, tokens and identifiers that were given are replaced in URL, headers and body, percent-encoded or not."""
    request = Request(
        "POST",
        f"{SERVER}/v1/music/shared/{TOKEN}/save?key=k%2By%2Fwith%20odd%3Dcharacters",
        f'{{"key":"{KEY}"}}'.encode(),
        {"X-API-Key": KEY, "Authorization": f"Bearer {KEY}"},
    )
    kept, _ = scrubbed({}, request=request)
    fake, token = REPLAYED[Thing.OWNER_KEY], REPLAYED[Thing.REVOKED_TOKEN]
    assert kept.uri == f"https://api.aitronos.com/v1/music/shared/{token}/save?key={fake}"
    assert kept.body == f'{{"key":"{fake}"}}'.encode()
    assert dict(kept.headers) == {"x-api-key": fake, "authorization": f"Bearer {fake}"}


def test_a_minted_token_has_one_fake_wherever_it_stands() -> None:
    """The token of a share, its URL and the request that opens it agree after scrubbing, whatever the token's shape."""
    scrubber, minted = Scrubber(WORLD), "m1nted.token~of~some~shape"
    link = body_of({"url": f"{SERVER}/v1/music/shared/{minted}", "token": minted}, scrubber)
    asked, _ = scrubbed({}, scrubber=scrubber, request=Request("GET", f"{SERVER}/v1/music/shared/{minted}", b"", {}))
    assert link["token"] == "shr_fa4e0000000000000000000000000001"
    assert link["url"] == asked.uri == f"https://api.aitronos.com/v1/music/shared/{link['token']}"


def test_equal_stays_equal_and_different_different() -> None:
    """Identifiers are counted in the order in which they come, so that comparing them still means something."""
    ids = ["mslink_a1", "mslink_b2", "mslink_a1", "mlib_a1", "mtrack_1234567890ab", "mslink_fa4e00000001"]
    assert body_of(ids) == [
        "mslink_fa4e00000001",
        "mslink_fa4e00000002",
        "mslink_fa4e00000001",
        "mlib_fa4e00000001",
        "mtrack_b4d9e1c6a72f",
        "mslink_fa4e00000001",
    ]


def test_two_scrubbers_agree() -> None:
    """Fakes depend on nothing but the order within one cassette."""
    first, second = ["shr_11", "req_22", "mcoll_33"], ["shr_44", "req_55", "mcoll_66"]
    assert body_of(first) == body_of(second)


def test_everything_happens_now() -> None:
    """Moments become the documented one, wherever they stand; what is no moment of the documented form stays."""
    wrong = ["2026-06-28 10:30:00", "2026-06-28T10:30:00+00:00", "2026-06-28T10:30:00.5Z"]
    assert body_of({"created_at": ago(days=3), "timestamp": ago(seconds=1)}) == {
        "created_at": "2026-06-28T10:30:00Z",
        "timestamp": "2026-06-28T10:30:00Z",
    }
    assert [body_of({"created_at": moment})["created_at"] for moment in wrong] == wrong


def test_a_lifetime_stays_exact() -> None:
    """A new link's expiry keeps its distance from the creation to the second, there and in every later answer."""
    scrubber = Scrubber(WORLD)
    link = {"expires_at": "2031-01-31T00:00:01Z", "created_at": "2031-01-01T00:00:00Z"}
    assert body_of(link, scrubber)["expires_at"] == "2026-07-28T10:30:01Z"
    assert body_of({"expires_at": link["expires_at"]}, scrubber)["expires_at"] == "2026-07-28T10:30:01Z"


def test_an_older_links_expiry_counts_in_days() -> None:
    """Of a link that another recording minted, the seconds are chance."""
    assert body_of({"expires_at": ago(days=-12, seconds=7)}) == {"expires_at": "2026-07-10T10:30:00Z"}


def test_a_playback_url_leaves_nothing_of_itself() -> None:
    """Path, query and host may all grant the audio; the fake names the track, and is remembered as a secret."""
    scrubber = Scrubber(WORLD)
    url = "https://bucket.example.com/s3cr3t-path/x?X-Amz-Signature=0123&Expires=1"
    assert body_of({"id": "mtrack_1234567890ab", "playback_url": url}, scrubber)["playback_url"] == (
        "https://cdn.aitronos.com/music/track/mtrack_b4d9e1c6a72f?signature=fake"
    )
    assert url in scrubber.secrets


def test_a_playback_url_of_unknown_form_stops_the_recording() -> None:
    """What cannot be told from a secret is not written, and not repeated in the message either."""
    with pytest.raises(UnscrubbableError) as caught:
        body_of({"playback_url": "s3cr3t"})
    assert "s3cr3t" not in str(caught.value)


def test_what_is_measured_becomes_the_contracts_example() -> None:
    """Times and allowances differ at every recording; the examples in openapi.yaml stand in for them."""
    assert headers_of(
        freddy_processing_ms="17",
        retry_after="44",
        X_RateLimit_Remaining="7",
        X_RateLimit_Reset="1999999999",
        X_RateLimit_Limit="250",
        x_request_id="req_9z",
    ) == {
        "freddy-processing-ms": ["3"],
        "retry-after": ["1"],
        "x-ratelimit-remaining": ["119"],
        "x-ratelimit-reset": ["1782642660"],
        "x-ratelimit-limit": ["250"],
        "x-request-id": ["req_fa4e00000001"],
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("freddy-processing-ms", "-4"),
        ("freddy-processing-ms", "1.5"),
        ("retry-after", "0"),
        ("retry-after", "tomorrow"),
        ("x-ratelimit-reset", ""),
        ("x-ratelimit-remaining", "0"),
        ("x-request-id", "no-form"),
    ],
)
def test_what_is_wrong_or_telling_stays(name: str, value: str) -> None:
    """Scrubbing hides no mistake of the server, and an allowance that is used up is no matter of chance."""
    assert headers_of(**{name: value}) == {name: [value]}


def test_a_refusal_for_too_many_opens_keeps_what_is_left() -> None:
    """A 429 leaves nothing over; one that claims otherwise is not made right."""
    _, answer = scrubbed({}, {"X-RateLimit-Remaining": "5"}, status=429)
    assert answer["headers"] == {"x-ratelimit-remaining": ["5"]}


def test_headers_of_the_servers_own_go() -> None:
    """What the contract does not declare is not kept: cookies, traces and dates of whatever stands in between."""
    assert headers_of(set_cookie="session=1", date="today", cf_ray="1", Content_Type="application/json") == {
        "content-type": ["application/json"]
    }


def test_the_length_is_that_of_the_scrubbed_body() -> None:
    """The answer stays consistent in itself."""
    _, answer = scrubbed({"token": "shr_" + "0" * 99}, {"Content-Length": "9999"})
    assert answer["headers"]["content-length"] == [str(len(answer["body"]["string"]))]


def test_a_new_header_of_the_sdk_needs_a_decision() -> None:
    """A request header that nobody decided about stops the recording, for it may hold a secret."""
    with pytest.raises(UnscrubbableError, match="X-New"):
        scrubbed({}, request=Request("GET", SERVER, b"", {"X-New": "1"}))


def test_headers_that_say_nothing_go() -> None:
    """What names this machine and its versions is not kept."""
    request = Request("GET", SERVER, b"", {"Host": "127.0.0.1:4711", "User-Agent": "python/3.11", "Accept": "*/*"})
    assert dict(scrubbed({}, request=request)[0].headers) == {"accept": "*/*"}


def test_an_answer_that_is_no_json_is_scrubbed_as_text() -> None:
    """A gateway's page is kept, without what was secret in it."""
    page = f"<p>{TOKEN} at {SERVER}, shr_12</p>".encode()
    fake = REPLAYED[Thing.REVOKED_TOKEN]
    assert scrubbed(page)[1]["body"]["string"].decode() == (
        f"<p>{fake} at https://api.aitronos.com, shr_fa4e0000000000000000000000000001</p>"
    )


def test_what_was_secret_is_remembered() -> None:
    """The verification after the recording looks for every secret that was given or met, and for the server's name."""
    scrubber = Scrubber(WORLD)
    body_of({"token": "t0k3n", "message": "see shr_77"}, scrubber)
    assert scrubber.secrets == {KEY, TOKEN, "127.0.0.1:4711", "t0k3n", "shr_77"}
