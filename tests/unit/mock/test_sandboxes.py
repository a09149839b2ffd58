"""Worlds beside each other, that do not see each other."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import pairwise, permutations
from typing import Any

import pytest

from aitronos_mock.limits import Rate
from aitronos_mock.sandboxes import Origin, TooManySandboxes

from .whole import (
    COLLECTION,
    LINK,
    OWNER,
    RECIPIENT,
    RESOLVE,
    SHARE_COLLECTION,
    SHARE_TRACK,
    TOKEN,
    TRACK,
    Json,
    Whole,
)

FROZEN = "2026-06-28T10:30:00Z"
MADE = {"name": "checkout", "seed": "docs"}


def test_a_sandbox_is_the_whole_api_below_its_base_url(whole: Whole) -> None:
    """Share, open, play and save work under `base_url`, with no header but the caller's own key."""
    base_url = whole.control("POST", "/sandboxes", json=MADE).json()["base_url"]

    share = whole.ask("POST", base_url + SHARE_TRACK, OWNER).json()
    view = whole.ask("GET", share["url"]).json()
    played = whole.ask("GET", view["track"]["playback_url"])
    saved = whole.ask("POST", f"{share['url']}/save", RECIPIENT)

    assert "http://mock.test/sandboxes/checkout" == base_url
    assert [f"{base_url}/v1/music/shared/{share['token']}", True] == [share["url"], view["available"]]
    assert view["track"]["playback_url"].startswith(f"{base_url}/media/tracks/{TRACK}?")
    assert [200, 201] == [played.status_code, saved.status_code]


def test_a_new_sandbox_is_described_and_listed(whole: Whole) -> None:
    """Creating and listing give name, base_url and control_url; the default sandbox is not in the list."""
    expected = {
        "name": "checkout",
        "base_url": "http://mock.test/sandboxes/checkout",
        "control_url": "http://mock.test/sandboxes/checkout/_mock",
    }

    assert [] == whole.items("/sandboxes")
    assert expected == whole.control("POST", "/sandboxes", json=MADE).json()
    assert [expected] == whole.items("/sandboxes")
    assert 200 == whole.ask("GET", f"{expected['control_url']}/state").status_code


def test_a_sandbox_without_a_name_gets_one(whole: Whole) -> None:
    """No body at all makes a sandbox like the default one, under a name that is made up."""
    names = [whole.control("POST", "/sandboxes").json()["name"] for _ in range(2)]

    assert names == [sandbox["name"] for sandbox in whole.items("/sandboxes")]
    assert 2 == len(set(names))
    assert [200, 200] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in names]


def test_state_is_the_sandboxes_own(whole: Whole) -> None:
    """What is shared, saved, revoked or removed in one sandbox is so in no other."""
    one, other = whole.create(), whole.create()
    token = whole.call("POST", SHARE_TRACK, OWNER, one).json()["token"]
    whole.control("POST", f"/links/{LINK}/revoke", one)
    whole.control("POST", f"/collections/{COLLECTION}/remove", one)

    assert [404, 200, 200] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in (one, other, None)]
    shared = f"/v1/music/shared/{token}"
    assert [200, 404, 404] == [whole.call("GET", shared, sandbox=name).status_code for name in (one, other, None)]
    shares = [whole.call("POST", SHARE_COLLECTION, OWNER, name).status_code for name in (one, other, None)]
    assert [404, 201, 201] == shares


def test_the_clock_is_the_sandboxes_own(whole: Whole) -> None:
    """A clock that is frozen or put forward lets links expire in its own sandbox alone."""
    one, other = whole.create(), whole.create()
    whole.control("PUT", "/clock", one, json={"advance_seconds": 31 * 86400})
    whole.control("PUT", "/clock", other, json={"now": "2026-01-01T00:00:00Z"})

    assert [404, 200, 200] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in (one, other, None)]
    modes = [whole.control("GET", "/clock", name).json()["mode"] for name in (one, other, None)]
    assert ["shifted", "frozen", "real"] == modes


def test_the_rate_windows_are_the_sandboxes_own(make_whole: Callable[..., Whole]) -> None:
    """A client that is limited in one sandbox is not in another, and a reset opens the window again."""
    whole = make_whole(rate=Rate(1, 1))
    one, other = whole.create(), whole.create()

    assert [200, 429] == [whole.call("GET", RESOLVE, sandbox=one).status_code for _ in range(2)]
    assert [200, 200] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in (other, None)]
    whole.control("POST", "/reset", one)
    assert 200 == whole.call("GET", RESOLVE, sandbox=one).status_code


def test_faults_are_the_sandboxes_own(whole: Whole) -> None:
    """A fault strikes in its own sandbox alone."""
    one, other = whole.create(), whole.create()
    whole.control("POST", "/faults", one, json={"operation": "resolveShare", "status": 500})

    assert [500, 200, 200] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in (one, other, None)]
    assert [1, 0, 0] == [len(whole.items("/faults", name)) for name in (one, other, None)]


def test_journal_and_audit_are_the_sandboxes_own(whole: Whole) -> None:
    """A request is recorded in the sandbox that answered it, and in no other."""
    one, other = whole.create(), whole.create()
    whole.call("GET", RESOLVE, sandbox=one)

    assert [1, 0, 0] == [len(whole.items("/requests", name)) for name in (one, other, None)]
    assert [1, 0, 0] == [len(whole.items("/audit", name)) for name in (one, other, None)]


def test_a_playback_url_plays_in_its_own_sandbox_alone(whole: Whole) -> None:
    """The URL of one sandbox, moved to another or to the root, is refused like a forged one."""
    one, other = whole.create(), whole.create()
    playback_url = whole.call("GET", RESOLVE, sandbox=one).json()["track"]["playback_url"]
    moved = [playback_url.replace(f"/sandboxes/{one}", place) for place in (f"/sandboxes/{other}", "")]
    refusals = [whole.ask("GET", url) for url in moved]

    assert 200 == whole.ask("GET", playback_url).status_code
    assert [403, 403] == [answer.status_code for answer in refusals]
    assert ["PLAYBACK_URL_INVALID"] * 2 == [answer.json()["error"]["code"] for answer in refusals]


@pytest.mark.parametrize("plan", [{}, {"deterministic": True, "clock": FROZEN}], ids=["random", "deterministic"])
def test_a_playback_url_does_not_outlive_its_sandbox(whole: Whole, plan: Json) -> None:
    """Neither after a reset nor in another sandbox of the same name does the URL of a former life play."""
    made = ("POST", "/sandboxes", None, {"name": "checkout", "seed": "docs", **plan})
    lives: list[list[tuple[str, str, str | None, Json | None]]] = [
        [made],
        [("POST", "/reset", "checkout", None)],
        [("DELETE", "/sandboxes/checkout", None, None), made],
    ]
    urls: list[str] = []
    played: list[list[int]] = []
    for calls in lives:
        for method, path, sandbox, body in calls:
            assert whole.control(method, path, sandbox, json=body).is_success
        whole.call("POST", SHARE_TRACK, OWNER, "checkout")
        urls.append(whole.call("GET", RESOLVE, sandbox="checkout").json()["track"]["playback_url"])
        played.append([whole.ask("GET", url).status_code for url in urls])

    assert [[200], [403, 200], [403, 403, 200]] == played


def test_a_playback_url_plays_on_in_a_loaded_world(whole: Whole) -> None:
    """A world that was edited is the same life: what still leads to a track plays."""
    playback_url = whole.call("GET", RESOLVE).json()["track"]["playback_url"]
    whole.control("PUT", "/state", json=whole.control("GET", "/state").json())

    assert 200 == whole.ask("GET", playback_url).status_code


def test_a_reset_begins_anew(whole: Whole) -> None:
    """World, clock, faults, journal and audit are after a reset as they were at the start."""
    name = whole.create(seed="docs")
    token = whole.call("POST", SHARE_TRACK, OWNER, name).json()["token"]
    whole.call("GET", RESOLVE, sandbox=name)
    whole.control("POST", f"/links/{LINK}/revoke", name)
    whole.control("PUT", "/clock", name, json={"now": "2030-01-01T00:00:00Z"})
    whole.control("POST", "/faults", name, json={"status": 500, "path": "/nothing"})

    assert 204 == whole.control("POST", "/reset", name).status_code
    assert [] == whole.items("/requests", name) + whole.items("/audit", name) + whole.items("/faults", name)
    assert "real" == whole.control("GET", "/clock", name).json()["mode"]
    assert 200 == whole.call("GET", RESOLVE, sandbox=name).status_code
    assert 404 == whole.call("GET", f"/v1/music/shared/{token}", sandbox=name).status_code


def test_a_reset_keeps_how_the_sandbox_was_made(whole: Whole) -> None:
    """Seed, frozen clock and seeded ids are those that the sandbox was asked for with."""
    name = whole.create(seed="docs", clock=FROZEN, deterministic=True)
    first = whole.call("POST", SHARE_TRACK, OWNER, name).json()
    whole.control("PUT", "/clock", name, json={"real": True})
    whole.control("POST", "/reset", name)

    assert {"now": FROZEN, "mode": "frozen"} == whole.control("GET", "/clock", name).json()
    assert first == whole.call("POST", SHARE_TRACK, OWNER, name).json()


def test_a_reset_of_one_sandbox_leaves_the_others_alone(whole: Whole) -> None:
    """Neither another sandbox nor the default one begins anew with it."""
    one, other = whole.create(), whole.create()
    for name in (other, None):
        whole.control("POST", f"/links/{LINK}/revoke", name)
    whole.control("POST", "/reset", one)

    assert [200, 404, 404] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in (one, other, None)]


def test_a_deleted_sandbox_is_gone(whole: Whole) -> None:
    """Nothing answers in its place, its data is gone, and its name is free for one that begins anew."""
    whole.create(**MADE)
    whole.control("POST", f"/links/{LINK}/revoke", "checkout")

    assert 204 == whole.control("DELETE", "/sandboxes/checkout").status_code
    assert [] == whole.items("/sandboxes")
    assert 404 == whole.call("GET", RESOLVE, sandbox="checkout").status_code
    whole.create(**MADE)
    assert 200 == whole.call("GET", RESOLVE, sandbox="checkout").status_code


@pytest.mark.parametrize("path", ["/v1/music/shared/shr_0", "/_mock/state", "/_mock/health", "/nothing", ""])
def test_an_unknown_sandbox_says_how_to_make_it(whole: Whole, path: str) -> None:
    """Whatever is asked of a sandbox that is not there, the 404 envelope has the call that makes it."""
    response = whole.ask("GET", f"/sandboxes/checkout{path}")
    error = response.json()["error"]

    assert (404, "SANDBOX_NOT_FOUND") == (response.status_code, error["code"])
    assert {"name": "checkout"} == error["details"]
    assert (
        'Make it with POST /_mock/sandboxes and the body {"name": "checkout"}; idle ones are dropped'
        == error["system_message"]
    )


def test_an_unknown_sandbox_leaves_no_trace_in_the_default_one(whole: Whole) -> None:
    """A request to a sandbox that is not there is in nobody's journal and in nobody's audit."""
    whole.ask("GET", f"/sandboxes/checkout{RESOLVE}")

    assert [] == whole.items("/requests") + whole.items("/audit")


@pytest.mark.parametrize("path", ["/%73andboxes/checkout", "/Sandboxes/checkout", "//sandboxes/checkout"])
def test_only_the_exact_prefix_leads_into_a_sandbox(whole: Whole, path: str) -> None:
    """Another spelling of the prefix is an unknown path of the default sandbox."""
    whole.create(**MADE)

    assert "ENDPOINT_NOT_FOUND" == whole.ask("GET", f"{path}{RESOLVE}").json()["error"]["code"]


def test_a_sandbox_knows_no_other_sandboxes(whole: Whole) -> None:
    """Only the control plane of the default sandbox makes, lists and deletes sandboxes."""
    whole.create(**MADE)
    answers = [
        whole.control("GET", "/sandboxes", "checkout"),
        whole.control("POST", "/sandboxes", "checkout", json={}),
        whole.control("DELETE", "/sandboxes/checkout", "checkout"),
    ]

    assert ["ENDPOINT_NOT_FOUND"] * 3 == [answer.json()["error"]["code"] for answer in answers]


def test_a_sandbox_that_nobody_uses_goes(make_whole: Callable[..., Whole], advance: Callable[[float], None]) -> None:
    """On the machine's clock, whatever a sandbox's own says, one is kept until it was idle for longer than allowed."""
    whole = make_whole(idle_seconds=3600)
    used, idle = whole.create(name="used"), whole.create(name="idle")
    whole.control("PUT", "/clock", idle, json={"advance_seconds": 999999})
    advance(3600)
    assert 200 == whole.call("GET", "/v1/music/shared/shr_88888888888888888888888888888888", sandbox=used).status_code
    assert [idle, used] == [sandbox["name"] for sandbox in whole.items("/sandboxes")]

    advance(1)

    assert [used] == [sandbox["name"] for sandbox in whole.items("/sandboxes")]
    assert "SANDBOX_NOT_FOUND" == whole.call("GET", RESOLVE, sandbox=idle).json()["error"]["code"]


def test_the_control_plane_counts_as_use(make_whole: Callable[..., Whole], advance: Callable[[float], None]) -> None:
    """Whoever asks a sandbox for its state keeps it; whoever lists all sandboxes keeps none."""
    whole = make_whole(idle_seconds=10)
    asked, _ = whole.create(name="asked"), whole.create(name="listed")
    advance(9)
    whole.control("GET", "/state", asked)
    whole.items("/sandboxes")
    advance(9)

    assert [asked] == [sandbox["name"] for sandbox in whole.items("/sandboxes")]


def test_there_is_room_for_so_many_sandboxes(
    make_whole: Callable[..., Whole], advance: Callable[[float], None]
) -> None:
    """One too many is refused with the limit; one that is deleted or idle makes room."""
    whole = make_whole(max_sandboxes=2, idle_seconds=60)
    whole.create(name="one")
    advance(40)
    whole.create(name="two")
    refused = whole.control("POST", "/sandboxes", json={"name": "three"})

    assert (409, "TOO_MANY_SANDBOXES", {"limit": 2}) == (
        refused.status_code,
        refused.json()["error"]["code"],
        refused.json()["error"]["details"],
    )
    whole.control("DELETE", "/sandboxes/two")
    whole.create(name="three")
    advance(40)
    whole.create(name="four")
    assert ["three", "four"] == [sandbox["name"] for sandbox in whole.items("/sandboxes")]


def test_a_sandbox_that_cannot_be_made_leaves_nothing_behind(make_whole: Callable[..., Whole]) -> None:
    """A fixture that is wrong, and a limit that is reached, leave neither a name nor a world."""
    whole = make_whole(max_sandboxes=1)
    whole.control("POST", "/sandboxes", json={"name": "one", "fixture": {"bands": []}})
    assert [] == whole.items("/sandboxes")

    whole.create(name="one")
    with pytest.raises(TooManySandboxes):
        asyncio.run(whole.sandboxes.create("two", Origin(whole.sandboxes.default.origin.fixture)))
    assert ["one"] == asyncio.run(whole.sandboxes.names())


def _write_protect(whole: Whole, state: str) -> None:
    whole.sandboxes._database.connection.exec_driver_sql(f"PRAGMA query_only = {state}")  # type: ignore[attr-defined] # SQLite's


def test_a_sandbox_that_cannot_be_deleted_stays(whole: Whole) -> None:
    """While the disk takes nothing it is there and answers, and it can be deleted later."""
    name = whole.create(seed="docs")
    _write_protect(whole, "ON")
    answers = whole.control("DELETE", f"/sandboxes/{name}"), whole.call("GET", RESOLVE, sandbox=name)
    _write_protect(whole, "OFF")

    assert [503, 200] == [answer.status_code for answer in answers]
    assert 204 == whole.control("DELETE", f"/sandboxes/{name}").status_code
    assert [] == whole.items("/sandboxes")


def test_an_idle_sandbox_that_cannot_be_deleted_bothers_nobody(
    make_whole: Callable[..., Whole], advance: Callable[[float], None]
) -> None:
    """Who asks for another sandbox, while the disk takes nothing, gets an answer, and the idle one is gone."""
    whole = make_whole(idle_seconds=60)
    whole.create(name="idle")
    advance(40)
    whole.create(name="used", seed="docs")
    advance(40)
    _write_protect(whole, "ON")

    assert 200 == whole.call("GET", RESOLVE, sandbox="used").status_code
    assert 404 == whole.call("GET", RESOLVE, sandbox="idle").status_code


def test_two_hundred_sandboxes_do_not_see_each_other(whole: Whole) -> None:
    """Interleaved calls of 200 suites end each in a world that has what this suite did and nothing else."""
    names = [whole.create(name=f"suite-{number}", seed="docs") for number in range(200)]
    tokens = {name: whole.call("POST", SHARE_TRACK, OWNER, name).json()["token"] for name in names}
    for number, name in enumerate(names):
        whole.control("PUT", "/clock", name, json={"advance_seconds": number})
        if number % 2:
            link = whole.control("GET", "/state", name).json()["share_links"][-1]["id"]
            whole.control("POST", f"/links/{link}/expire", name)
    opened = {name: whole.call("GET", f"/v1/music/shared/{tokens[name]}", sandbox=name) for name in reversed(names)}
    foreign = {
        whole.call("GET", f"/v1/music/shared/{tokens[name]}", sandbox=other).status_code
        for name, other in pairwise(names)
    }

    assert 200 == len(set(tokens.values()))
    assert {404} == foreign
    lengths = {len(whole.control("GET", "/state", name).json()["share_links"]) for name in names}
    assert {11} == lengths
    audited = {name: [entry["outcome"] for entry in whole.items("/audit", name)] for name in names}
    for number, name in enumerate(names):
        own = "opened" if opened[name].status_code == 200 else "expired"
        assert [own, "unknown"][: 1 + (number > 0)] == audited[name]


DOCUMENTED: dict[str, tuple[str, str, str | None, Json]] = {
    "shareTrack": (
        "POST",
        SHARE_TRACK,
        OWNER,
        {"json": {"visibility": "link_only", "expires_in_days": 30}},
    ),
    "shareCollection": ("POST", SHARE_COLLECTION, OWNER, {"json": {"visibility": "public"}}),
    "resolveShare": ("GET", RESOLVE, None, {}),
    "saveSharedTrack": ("POST", f"{RESOLVE}/save", RECIPIENT, {}),
}
"""The calls of the documentation."""

EXAMPLES = {
    "shareTrack": (201, "expiring"),
    "shareCollection": (201, "public"),
    "resolveShare": (200, "track"),
    "saveSharedTrack": (201, "saved"),
}
"""Their answers, as openapi.yaml has them."""

ORDERS = [order for order in permutations(DOCUMENTED) if order.index("shareTrack") < order.index("resolveShare")]
ORDERS = [order for order in ORDERS if order.index("shareTrack") < order.index("saveSharedTrack")]


def _exactly(example: Json, base_url: str) -> Json:
    """An example with the mock in the place of the documented server."""
    text = json.dumps(example).replace("https://api.aitronos.com", base_url)
    return dict(json.loads(text))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_deterministic_sandbox_answers_as_documented(whole: Whole, contract: Any, order: tuple[str, ...]) -> None:
    """Frozen at the documented moment, the four documented answers come back to the letter, in any order of calls.

    Ids, tokens and moments are the documented ones; the host is the mock's, and so is the playback URL.
    """
    name = whole.create(seed="docs", clock=FROZEN, deterministic=True)
    assert 404 == whole.call("GET", RESOLVE, sandbox=name).status_code
    for operation in order:
        method, path, key, request = DOCUMENTED[operation]
        response = whole.call(method, path, key, name, **request)
        expected = _exactly(_documented(contract, operation), f"http://mock.test/sandboxes/{name}")
        assert expected == _without_playback_url(response.json())


def _documented(contract: Any, operation: str) -> Json:
    example = json.loads(json.dumps(contract.example(operation, *EXAMPLES[operation])))
    return _without_playback_url(example)


def _without_playback_url(body: Json) -> Json:
    if body.get("track"):
        body["track"].pop("playback_url")
    return body


def test_deterministic_sandboxes_are_alike(whole: Whole) -> None:
    """Two deterministic sandboxes hand out the same ids and tokens, also once the documented ones are used up."""
    names = [whole.create(seed="docs", clock=FROZEN, deterministic=True) for _ in range(2)]
    shares = [[whole.call("POST", SHARE_TRACK, OWNER, name).json() for _ in range(3)] for name in names]

    assert [share["token"] for share in shares[0]] == [share["token"] for share in shares[1]]
    assert [TOKEN, LINK] == [shares[0][0]["token"], shares[0][0]["id"]]
    assert 3 == len({share["token"] for share in shares[0]})


def test_other_sandboxes_are_not_to_be_foreseen(whole: Whole) -> None:
    """Without `deterministic`, the documented links live from the start, and new tokens are random."""
    names = [whole.create(seed="docs", clock=FROZEN) for _ in range(2)]
    tokens = {whole.call("POST", SHARE_TRACK, OWNER, name).json()["token"] for name in names}

    assert 2 == len(tokens - {TOKEN})
    assert [200, 200] == [whole.call("GET", RESOLVE, sandbox=name).status_code for name in names]
