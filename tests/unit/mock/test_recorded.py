"""The recorded answers, as other people's suites use them."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx
import pytest
from vcr.errors import CannotOverwriteExistingCassetteException

from aitronos import Aitronos, NotFoundError, SharedTrack
from aitronos_mock import recorded
from aitronos_mock.testing import MissingPackage, MockError

RECORDED = Path(__file__).parents[2] / "contract" / "cassettes"


def test_they_are_those_that_were_recorded() -> None:
    """What is shipped is what the contract tests hold against the contract: there is one set of files."""
    files = {path.relative_to(RECORDED).with_suffix("").as_posix() for path in RECORDED.rglob("*.yaml")}
    assert files == set(recorded.names())
    assert RECORDED.samefile(recorded.FOLDER)


def test_their_absence_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the sources have a file in the place of the folder, no name is suggested."""
    monkeypatch.setattr(recorded, "FOLDER", tmp_path / "cassettes")
    absent = pytest.raises(MockError, match="checked out without symbolic links")
    with absent, recorded.replay("resolveShare/200-track"):
        pass


@pytest.mark.parametrize("name", recorded.names())
def test_every_one_can_be_played(name: str) -> None:
    """Each answers every request that is in it with the recorded answer."""
    with recorded.replay(name) as cassette, httpx.Client() as http:
        assert name == cassette.name
        for exchange in cassette.exchanges:
            is_json = isinstance(exchange.sent, dict | list | int)
            answer = http.request(
                exchange.method,
                exchange.url,
                json=exchange.sent if is_json else None,
                content=None if is_json or exchange.sent is None else exchange.sent,
            )
            assert (exchange.status, exchange.answered) == (answer.status_code, answer.json())


def test_the_sdk_gets_the_documented_answers() -> None:
    """The documented track opens, and a revoked link does not, whichever key is sent or none."""
    with recorded.replay("resolveShare/200-track") as cassette:
        view = Aitronos(base_url=recorded.SERVER).music.resolve_share(cassette.token)
    assert isinstance(view, SharedTrack)
    assert "Late Night Study" == view.track.title
    with recorded.replay("saveSharedTrack/404-revoked") as cassette, pytest.raises(NotFoundError):
        Aitronos("any-key", base_url=recorded.SERVER).music.save_shared_track(cassette.token)


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("shareTrack/201-expiring", "shr_fa4e0000000000000000000000000001"),
        ("resolveShare/404-unknown", "shr_fa4e00000000000000000000ffffffff"),
        ("stories/share-resolve-save-again", "shr_fa4e0000000000000000000000000001"),
    ],
)
def test_a_token_is_at_hand(name: str, token: str) -> None:
    """The token that was minted, opened or saved last need not be looked for in the file."""
    with recorded.replay(name) as cassette:
        assert token == cassette.token


def test_where_there_is_no_token_none_is_made_up() -> None:
    """A refused share has no token."""
    with (
        recorded.replay("shareTrack/404-unknown") as cassette,
        pytest.raises(MockError, match="the last exchange of shareTrack/404-unknown is about no share link"),
    ):
        _ = cassette.token


def test_nothing_else_goes_out() -> None:
    """A request that was not recorded, or was played already, is an error and is not sent."""
    with recorded.replay("resolveShare/200-track") as cassette, httpx.Client() as http:
        url = cassette.exchanges[-1].url
        http.get(url)
        for other in (url, f"{recorded.SERVER}/elsewhere"):
            with pytest.raises(CannotOverwriteExistingCassetteException):
                http.get(other)


def test_a_misspelt_name_is_told() -> None:
    """The likeliest names are told, or else all."""
    said = r"there is no cassette 'resolveShare/200-trak'; did you mean resolveShare/200-track"
    with pytest.raises(MockError, match=said):
        recorded.replay("resolveShare/200-trak").__enter__()
    with pytest.raises(MockError, match=r"did you mean resolveShare/200-collection, "):
        recorded.replay("../../../secret").__enter__()


def test_vcrpy_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without vcrpy the names are there, and replaying says what to install."""
    monkeypatch.setitem(sys.modules, "vcr", None)
    with pytest.raises(MissingPackage, match=r"needs vcr, .*aitronos-mock-server\[cassettes\]"):
        recorded.replay(recorded.names()[0]).__enter__()
