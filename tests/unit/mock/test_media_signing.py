"""Playback URLs: what they grant, to whom, and for how long."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.media import PlaybackSigner
from aitronos_mock.media.signing import Grant
from aitronos_mock.refusals import PlaybackUrlExpired, PlaybackUrlInvalid

NOW = 1782642600.75
EXPIRES = 1782642600 + 300
GRANT = Grant("mtrack_1", "mslink_1", EXPIRES, "00c0ffee")
IDS = st.text(st.characters(exclude_categories=["Cs"]))


def _target(signer: PlaybackSigner, track_id: str = "mtrack_1", link_id: str = "mslink_1") -> tuple[str, str]:
    """Path and query of a new URL."""
    url = urlsplit(signer.url("http://mock.test", track_id, link_id, NOW, "00c0ffee"))
    return url.path, url.query


@pytest.fixture
def signer() -> PlaybackSigner:
    """A signer with one key."""
    return PlaybackSigner(b"key one")


def test_a_url_begins_where_the_client_reached_the_server(signer: PlaybackSigner) -> None:
    """The base URL comes first, a prefix within it too."""
    url = signer.url("http://mock.test:8000/some/where", "mtrack_1", "mslink_1", NOW, "00c0ffee")

    assert url.startswith("http://mock.test:8000/some/where/media/tracks/mtrack_1?")


def test_the_signature_is_the_described_one(signer: PlaybackSigner) -> None:
    """It is the HMAC-SHA-256 of everything before it, as the standard library makes it in one go."""
    path, query = _target(signer)
    before, _, signature = f"{path}?{query}".rpartition("&signature=")

    assert hmac.digest(b"key one", before.encode(), "sha256").hex() == signature


def test_the_urls_of_one_open_are_those_that_are_minted_one_by_one(signer: PlaybackSigner) -> None:
    """What is spelt once for all of them makes no difference to any."""
    tracks = ["mtrack_1", "mtrack_2", "mtrack_1"]
    mint = signer.minting("http://mock.test", "mslink_1", NOW, "00c0ffee")

    expected = [signer.url("http://mock.test", track, "mslink_1", NOW, "00c0ffee") for track in tracks]
    assert expected == [mint(track) for track in tracks]


def test_a_url_names_all_that_it_grants(signer: PlaybackSigner) -> None:
    """Link, expiry, nonce, key and signature stand in the query."""
    query = parse_qs(_target(signer)[1])

    assert list(query) == ["link", "expires", "nonce", "key", "signature"]
    assert query["link"] == ["mslink_1"]
    assert [str(EXPIRES)] == query["expires"]


@given(track_id=IDS, link_id=IDS)
def test_a_url_gives_back_what_was_granted(track_id: str, link_id: str) -> None:
    """Identifiers of any form survive the way through a URL."""
    signer = PlaybackSigner(b"key one")

    assert Grant(track_id, link_id, EXPIRES, "00c0ffee") == signer.verify(*_target(signer, track_id, link_id), NOW)


def test_a_url_plays_wherever_the_mock_is_mounted(signer: PlaybackSigner) -> None:
    """What stands before `/media` takes no part in the signature."""
    path, query = _target(signer)

    assert signer.verify(f"/some/where{path}", query, NOW) == GRANT


def test_a_url_is_good_until_its_last_second_is_over(signer: PlaybackSigner) -> None:
    """It is refused from the moment `expires` on, and not before."""
    target = _target(signer)

    assert signer.verify(*target, EXPIRES - 0.001) == GRANT
    with pytest.raises(PlaybackUrlExpired):
        signer.verify(*target, EXPIRES)


def test_the_life_of_a_url_can_be_chosen() -> None:
    """`ttl_seconds` counts from the whole second of the minting."""
    signer = PlaybackSigner(b"key one", ttl_seconds=7)

    assert signer.verify(*_target(signer), NOW).expires == 1782642607


def test_a_retired_key_still_verifies(signer: PlaybackSigner) -> None:
    """A URL signed before the key was replaced plays on."""
    rotated = PlaybackSigner(b"key two", b"key one")

    assert rotated.verify(*_target(signer), NOW) == GRANT


def test_the_newest_key_signs(signer: PlaybackSigner) -> None:
    """After a rotation, who has the retired key alone knows none of the new URLs."""
    rotated = PlaybackSigner(b"key two", b"key one")

    assert PlaybackSigner(b"key two").verify(*_target(rotated), NOW) == GRANT
    with pytest.raises(PlaybackUrlInvalid):
        signer.verify(*_target(rotated), NOW)


def test_a_key_cannot_pass_for_another(signer: PlaybackSigner) -> None:
    """The key's name is signed too: a URL of one key is none of another that the signer has."""
    rotated = PlaybackSigner(b"key two", b"key one")
    old, new = parse_qs(_target(signer)[1])["key"][0], parse_qs(_target(rotated)[1])["key"][0]
    path, query = _target(signer)

    with pytest.raises(PlaybackUrlInvalid):
        rotated.verify(path, query.replace(f"key={old}", f"key={new}"), NOW)


def test_the_name_of_a_key_says_nothing_of_it(signer: PlaybackSigner) -> None:
    """No part of the key is in the URL."""
    url = "?".join(_target(signer))

    assert b"key one".hex() not in url
    assert "key one" not in url


@pytest.mark.parametrize("changed", [("mtrack_2", "mslink_1"), ("mtrack_1", "mslink_2")])
def test_a_signature_is_good_for_its_own_grant_alone(signer: PlaybackSigner, changed: tuple[str, str]) -> None:
    """The signature of one URL opens neither another track nor another link."""
    signature = _target(signer)[1].rpartition("=")[2]
    path, query = _target(signer, *changed)

    with pytest.raises(PlaybackUrlInvalid):
        signer.verify(path, f"{query.rpartition('=')[0]}={signature}", NOW)


@pytest.mark.parametrize("missing", ["link", "expires", "nonce", "key", "signature"])
def test_an_incomplete_url_is_refused(signer: PlaybackSigner, missing: str) -> None:
    """Every part is needed."""
    path, query = _target(signer)
    parts = [part for part in query.split("&") if not part.startswith(f"{missing}=")]

    assert len(parts) == 4
    with pytest.raises(PlaybackUrlInvalid):
        signer.verify(path, "&".join(parts), NOW)


@pytest.mark.parametrize("alter", [
    pytest.param(lambda path, query: (path, ""), id="no query"),
    pytest.param(lambda path, query: (path, f"{query}&volume=11"), id="an addition"),
    pytest.param(lambda path, query: (path, f"{query}&{query}"), id="a repetition"),
    pytest.param(lambda path, query: (path, "&".join(sorted(query.split("&")))), id="another order"),
    pytest.param(lambda path, query: (path, query.upper()), id="capitals"),
    pytest.param(lambda path, query: (path, query.replace("mslink", "%6dslink")), id="another spelling of the link"),
    pytest.param(lambda path, query: (path.replace("mtrack", "%6dtrack"), query), id="another spelling of the track"),
    pytest.param(lambda path, query: (path.replace("media", "%6dedia"), query), id="another spelling of the path"),
    pytest.param(lambda path, query: (path, query.replace("expires=", "expires=0")), id="a leading zero"),
    pytest.param(lambda path, query: (path, query.replace("expires=1", "expires=2")), id="a longer life"),
    pytest.param(lambda path, query: (path, query.replace("expires=1", "expires=" + "9" * 5000)), id="a huge expiry"),
    pytest.param(lambda path, query: (path, query[:-1]), id="a shorter signature"),
    pytest.param(lambda path, query: (path, query.rpartition("=")[0] + "="), id="an empty signature"),
    pytest.param(lambda path, query: (path, query.replace("key=", "key=0")), id="an unknown key"),
    pytest.param(lambda path, query: (path, query + "\xe9"), id="no ASCII"),
])  # fmt: skip
def test_an_altered_url_is_refused(signer: PlaybackSigner, alter: Callable[..., tuple[str, str]]) -> None:
    """Whatever was altered, the answer is the same."""
    with pytest.raises(PlaybackUrlInvalid):
        signer.verify(*alter(*_target(signer)), NOW)


def test_a_wrong_signature_outweighs_the_expiry(signer: PlaybackSigner) -> None:
    """Nothing is said about the expiry of a URL that is none of the signer's."""
    path, query = _target(signer)

    with pytest.raises(PlaybackUrlInvalid):
        signer.verify(path, f"{query}0", EXPIRES + 1)
