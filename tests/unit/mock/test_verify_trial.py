"""What rows work with."""

from __future__ import annotations

import pytest

from aitronos_mock.verify.given import DOCS, Given
from aitronos_mock.verify.outcome import NotReachable
from aitronos_mock.verify.secrets import Secrets
from aitronos_mock.verify.trial import COLLECTION, TRACK, Trial
from aitronos_mock.verify.wire import Answer, Request

from .verifying import URL, answered, target


class Heard:
    """A server that takes down what it is asked, and answers in turn."""

    def __init__(self, *answers: Answer) -> None:
        self.requests: list[Request] = []
        self._answers = iter(answers)

    def __call__(self, request: Request) -> Answer:
        """The next answer."""
        self.requests.append(request)
        return next(self._answers)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("owner_key", "needs AITRONOS_VERIFY_OWNER_KEY: key of the member who owns the track and the collection"),
        ("removed_track", "needs --removed-track: a track of the owner's that was removed"),
    ],
)
def test_what_is_missing_is_told_with_the_way_to_give_it(name: str, said: str) -> None:
    """A secret is named by its variable, an id by its option."""
    with pytest.raises(NotReachable) as obstacle:
        Trial(target(Heard(), Given()), Secrets([])).given(name)
    assert said == str(obstacle.value)


def test_nothing_is_minted_unasked() -> None:
    """Without leave, no link is asked for."""
    heard = Heard()
    with pytest.raises(NotReachable, match=r"^needs --destructive: "):
        Trial(target(heard, is_destructive=False), Secrets([])).mint(TRACK)
    assert [] == heard.requests


def test_a_share_goes_where_it_belongs() -> None:
    """Path, credential and body are those of the operation; ids are encoded."""
    heard = Heard(answered(201), answered(201))
    trial = Trial(target(heard), Secrets([]))
    trial.mint(COLLECTION, {"visibility": "public"})
    trial.share(TRACK, trial.bearer("member_key"), target="a/b", organization="c d")

    first, second = heard.requests
    assert f"{URL}/v1/music/org_abc123/collections/mcoll_5e8a1d3f9c27/share" == first.url
    assert {"X-API-Key": DOCS.owner_key, "Content-Type": "application/json"} == first.headers
    assert b'{"visibility": "public"}' == first.body
    assert f"{URL}/v1/music/c%20d/tracks/a%2Fb/share" == second.url
    assert {"Authorization": "Bearer member-api-key"} == second.headers
    assert "track_id" == TRACK.id_name


def test_no_key_goes_to_an_address_that_was_given_out() -> None:
    """A playback URL may lead anywhere."""
    heard = Heard(answered())
    Trial(target(heard), Secrets([])).fetch("http://cdn.example/a")
    assert {"Range": "bytes=0-1"} == heard.requests[0].headers


@pytest.mark.parametrize(
    ("answer", "pauses", "status"),
    [
        (answered(429, retry_after="7"), [7], 200),
        (answered(429, retry_after="91"), [], 429),
        (answered(429, retry_after="soon"), [], 429),
        (answered(503, retry_after="7"), [], 503),
    ],
)
def test_a_limit_is_waited_for_once(answer: Answer, pauses: list[int], status: int) -> None:
    """Where the server says to wait a bearable time, the link is opened once more after it."""
    paused: list[float] = []
    trial = Trial(target(Heard(answer, answered()), pause=paused.append), Secrets([]))
    assert (status, pauses) == (trial.resolve("shr_0").status, paused)


def test_what_was_made_is_not_made_again() -> None:
    """Rows that look at the same answer share it, and its secrets are known."""
    secrets = Secrets([])
    heard = Heard(answered(200, {"token": "T-1"}))
    trial = Trial(target(heard), secrets)
    first = trial.once("open", lambda: trial.resolve("shr_0"))
    assert first is trial.once("open", lambda: trial.resolve("shr_0"))
    assert "[secret]" == secrets.hide("T-1")
