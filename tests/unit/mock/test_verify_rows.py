"""Rows on servers that no mutant is: those that tell little, and those of which little is known.

That each row holds on a sound mock and fails on a broken one is shown by tests/e2e/test_mutants.py.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from aitronos_mock.verify.expectations import ANY, error, operations
from aitronos_mock.verify.given import DOCS, Given
from aitronos_mock.verify.rows import ROWS
from aitronos_mock.verify.running import FAIL, NOT_REACHABLE, PASS
from aitronos_mock.verify.wire import Answer, Request, Unanswered

from .verifying import LINK, answered, by_operation, target, verdict

TRACK = {"id": DOCS.track, "playback_url": "http://cdn/a", "licence": {"licence_class": "personal_only"}}
VIEW = {"kind": "track", "track": TRACK}
LIMITED = {"x_ratelimit_limit": "100", "x_ratelimit_remaining": "1"}
KNOWN = replace(DOCS, track_token="shr_living")


def opening(*answers: Answer) -> Callable[[Request], Answer]:
    """A server whose resolves are answered in turn, the last one for ever."""
    turns = itertools.chain(answers, itertools.repeat(answers[-1]))
    return lambda request: next(turns)


def test_ids_are_those_of_a_form() -> None:
    """An id is a topic and a name, in words with hyphens."""
    assert [row.id for row in ROWS if not re.fullmatch(r"[a-z-]+\.[a-z-]+", row.id)] == []


def test_a_row_is_one_sentence_about_an_operation() -> None:
    """Every row says what holds, and about which operation."""
    assert [row.id for row in ROWS if not re.fullmatch(r"[A-Z`].+\.", row.says)] == []
    assert {row.operation for row in ROWS} == {ANY, *operations()}
    assert {row.mark for row in ROWS} == {"documented", "decided"}


@pytest.mark.parametrize(
    "row_id", ["share-track.schema", "share-collection.url", "resolve-collection.kind", "save.source"]
)
def test_what_follows_from_a_failure_is_not_reachable(row_id: str) -> None:
    """Where sharing fails, that row fails, and those that need a link say which one it is."""
    found = verdict(row_id, target(lambda request: answered(500)))
    assert NOT_REACHABLE == found.result
    assert re.fullmatch(r"needs what [a-z-]+\.[a-z]+ tries, which did not hold", found.reason)


@pytest.mark.parametrize("row_id", ["lifecycle.lives-until-expiry", "lifecycle.audited", "envelope.unexpected"])
def test_some_rows_need_a_mock(row_id: str) -> None:
    """What only a control plane can do is not reachable elsewhere."""
    found = verdict(row_id, target(lambda request: answered(404)))
    assert NOT_REACHABLE == found.result
    assert found.reason.startswith("needs a sandbox of a mock: ")


def test_a_token_stands_in_for_a_control_plane() -> None:
    """An expired link to a removed track can be given where none can be made."""
    given, gone = Given(expired_removed_token="shr_0"), {"error": error("resolveShare", 404, "expired")}
    row = "lifecycle.expired-and-removed"
    assert PASS == verdict(row, target(opening(answered(404, gone)), given)).result
    assert FAIL == verdict(row, target(opening(answered(200, VIEW)), given)).result
    assert NOT_REACHABLE == verdict(row, target(opening(answered(404, gone)), Given())).result


@pytest.mark.parametrize("address", ["nobody", None, 7.5, ""])
def test_an_audit_has_addresses(address: Any) -> None:
    """An entry without a client's address is none."""
    entry = {"share_link_id": LINK["id"], "client_ip": address}
    answers = by_operation(
        {"share": answered(201, LINK), "shared": answered(200, VIEW), "audit": answered(200, {"items": [entry]})}
    )
    assert FAIL == verdict("lifecycle.audited", target(answers, is_mock=True)).result


def test_an_untitled_track_that_is_not_shown_is_not_reachable() -> None:
    """Whether it is null can be said of a track alone that is there."""
    given = replace(DOCS, collection_token="shr_living")
    found = verdict("resolve-track.untitled", target(opening(answered(200, {"tracks": [TRACK]})), given))
    assert NOT_REACHABLE == found.result


@pytest.mark.parametrize("row_id", ["resolve-collection.playback-new", "resolve-collection.plays"])
def test_a_collection_that_shows_no_tracks_is_not_reachable(row_id: str) -> None:
    """How tracks play can be said of a collection alone that shows some."""
    given = replace(DOCS, collection_token="shr_living")
    found = verdict(row_id, target(opening(answered(200, {"kind": "collection", "tracks": []})), given))
    assert NOT_REACHABLE == found.result
    assert "needs a collection that shows tracks" == found.reason


@pytest.mark.parametrize(
    ("views", "result"),
    [([VIEW, VIEW], PASS), ([VIEW, {"track": TRACK | {"title": "a"}}], FAIL), ([VIEW, {}], NOT_REACHABLE)],
)
def test_a_track_that_goes_away_is_not_a_changed_one(views: list[Any], result: str) -> None:
    """Whether saving changed the track can be said where it is shown afterwards."""
    turns = iter(answered(200, each) for each in views)
    answers = by_operation({"shared": lambda request: next(turns), "save": answered(201, {"id": "mlib_0"})})
    assert result == verdict("save.track-unchanged", target(answers, KNOWN)).result


@pytest.mark.parametrize("moment", [None, 7, "soon", "2026-06-28T10:30:00+00:00"])
def test_a_lifetime_is_between_two_moments(moment: Any) -> None:
    """What is no moment fails the row, with what stands there."""
    link = LINK | {"created_at": "2026-06-28T10:30:00Z", "expires_at": moment}
    found = verdict("share-track.lifetime", target(lambda request: answered(201, link)))
    assert (FAIL, "a moment such as 2026-06-28T10:30:00Z") == (found.result, found.expected)


@pytest.mark.parametrize("given", [DOCS, replace(DOCS, recipient_key=None)])
def test_a_token_is_looked_for_wherever_it_could_be(given: Given) -> None:
    """The save is looked at too where somebody can save."""
    save = answered(201, {"id": "mlib_0", "seen": LINK["token"]})
    answers = by_operation({"share": answered(201, LINK), "shared": answered(200, VIEW), "save": save})
    expected = FAIL if given.recipient_key else PASS
    assert expected == verdict("share-track.token-once", target(answers, given)).result


def test_licences_are_looked_at_where_only_a_track_opens() -> None:
    """Without a collection, the track's own licence is what there is."""
    assert (
        PASS
        == verdict("resolve-track.licence-classes", target(opening(answered(200, VIEW)), Given(track_token="t"))).result
    )


@pytest.mark.parametrize(
    "content", [b"{", b"[]", b'"text"', b'{"track": [], "tracks": {}, "collection": 7, "share": "x"}']
)
def test_odd_views_are_verdicts(content: bytes) -> None:
    """Whatever a server shows, every row about it comes to an end."""
    server = target(lambda request: Answer(200, {}, content), replace(KNOWN, collection_token="t"), is_mock=True)
    assert {verdict(row.id, server).result for row in ROWS} <= {PASS, FAIL, NOT_REACHABLE}


def test_a_limit_is_found_where_none_is_told() -> None:
    """Without headers, links are opened until a 429 comes."""
    refusal = answered(429, retry_after="7")
    paused: list[float] = []
    server = target(opening(*[answered()] * 3, refusal, answered()), KNOWN, pause=paused.append)
    assert (PASS, [7]) == (verdict("rate-limit.recovers", server).result, paused)


@pytest.mark.parametrize(
    ("headers", "result"),
    [({}, FAIL), (LIMITED, FAIL), (LIMITED | {"x_ratelimit_remaining": "2001"}, NOT_REACHABLE)],
)
def test_a_limit_that_never_comes(headers: dict[str, str], result: str) -> None:
    """A 429 is demanded once the allowance is used up, and not where the server says that it grants far more."""
    assert (
        result
        == verdict("rate-limit.refused", target(opening(answered(200, VIEW, **headers)), KNOWN, now=lambda: 0.0)).result
    )


def test_an_allowance_that_grows_too_fast_is_not_reachable() -> None:
    """Elsewhere time goes by, and a slow client may never be refused."""
    seconds = itertools.count()
    server = target(opening(answered(200, VIEW, **LIMITED)), KNOWN, now=lambda: 60.0 * next(seconds))
    found = verdict("rate-limit.refused", server)
    assert (NOT_REACHABLE, "the server's allowance grows as fast as it can be used up") == (found.result, found.reason)


@pytest.mark.parametrize(("limit", "said"), [("60", "another rate"), ("100", "needs a sandbox of a mock")])
def test_the_standard_plan_is_not_everybodys(limit: str, said: str) -> None:
    """Whoever grants another rate, or has a clock that runs, is not measured by the standard plan."""
    granted = answered(200, VIEW, **LIMITED | {"x_ratelimit_limit": limit})
    found = verdict("rate-limit.standard-plan", target(opening(granted, answered(429)), KNOWN))
    assert NOT_REACHABLE == found.result
    assert said in found.reason


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://api.example"])
def test_a_second_address_is_one_of_this_machine(url: str) -> None:
    """Elsewhere, and where this machine has no such address, the row cannot be tried."""
    turns = opening(answered(200, VIEW, **LIMITED), answered(429))

    def transport(request: Request) -> Answer:
        if request.source is not None:
            raise Unanswered("Cannot assign requested address")
        return turns(request)

    found = verdict("rate-limit.per-address", replace(target(transport, KNOWN), base_url=url))
    assert NOT_REACHABLE == found.result


@pytest.mark.parametrize("wait", ["", "0", "3601"])
def test_without_a_bearable_wait_nothing_is_waited_for(wait: str) -> None:
    """Whether a link opens again can be said where the server says when."""
    refusal = answered(429, retry_after=wait)
    found = verdict("rate-limit.recovers", target(opening(answered(200, VIEW, **LIMITED), refusal), KNOWN))
    assert NOT_REACHABLE == found.result
