"""What a fixture has handed out next, and how it differs where the mock is to be deterministic."""

from __future__ import annotations

import asyncio
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from aitronos_mock.clock import timestamp
from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import User
from aitronos_mock.domain.sharing import MintedLink, ShareTerms, Sharing
from aitronos_mock.fixtures import Fixture, FixtureError, parse_fixture, seed_fixture
from aitronos_mock.ids import NextIds, SeededIds
from aitronos_mock.store.sqlite import SQLiteDatabase

NOW = 1_782_642_600
"""2026-06-28T10:30:00Z, the moment of the documented examples."""
OPENAPI = Path(__file__).parents[3] / "openapi.yaml"

SMALL = """\
organizations: [{id: o}]
users: [{id: u, organizations: [o]}]
tracks: [{id: t, organization: o, owner: u, licence: LICENCE}]
share_links:
- {id: kept, token: token-of-kept, track: t}
- {id: gone, token: token-of-gone, track: t}
library: [{id: e, user: u, track: t, share_link: kept}]
next_ids:
  track_share: [{id: t1, token: token-of-t1}, {id: t2, token: token-of-t2}]
  collection_share: [{id: c1, token: token-of-c1}]
  library_edge: [e1, e2]
deterministic:
  without_share_links: [gone]
  next_ids:
    track_share: [{id: gone, token: token-of-gone}]
""".replace("LICENCE", "{licence_class: unclear, licence_version: 2026-01, requires_attribution: true}")
NEXT = NextIds(
    track_share=(("t1", "token-of-t1"), ("t2", "token-of-t2")),
    collection_share=(("c1", "token-of-c1"),),
    library_edge=("e1", "e2"),
)


def parsed(text: str, *, deterministic: bool = False) -> Fixture:
    """The fixture of a text."""
    return parse_fixture(text, name="w.yaml", now=NOW, deterministic=deterministic)


def link_ids(fixture: Fixture) -> list[str]:
    """The ids of the links that are there from the start."""
    return [link.id for link in fixture.world.share_links.values()]


def test_next_ids() -> None:
    """A fixture names what is handed out first, per kind and in order."""
    fixture = parsed(SMALL)

    assert NEXT == fixture.next_ids
    assert ["kept", "gone"] == link_ids(fixture)


def test_without_next_ids() -> None:
    """A fixture that names nothing leaves everything to be drawn."""
    assert NextIds() == parsed("{}").next_ids
    assert NextIds() == parsed("{}", deterministic=True).next_ids


def test_deterministic() -> None:
    """The deterministic reading lacks the links that it says, and hands out what it says instead of the rest."""
    fixture = parsed(SMALL, deterministic=True)

    assert NextIds(track_share=(("gone", "token-of-gone"),)) == fixture.next_ids
    assert ["kept"] == link_ids(fixture)


def test_deterministic_without_next_ids() -> None:
    """The deterministic reading hands out what the plain one does unless it says otherwise."""
    text = SMALL.partition("  next_ids:\n    track_share")[0]
    fixture = parsed(text, deterministic=True)

    assert NEXT == fixture.next_ids
    assert ["kept"] == link_ids(fixture)


def test_tokens_to_come_are_not_shown() -> None:
    """The repr of a fixture shows no token that is to be handed out."""
    assert "token" not in repr(parsed(SMALL).next_ids)
    assert "token-of" not in repr(parsed(SMALL))


@pytest.mark.parametrize(
    ("given", "bent", "refusal"),
    [
        pytest.param(
            "{id: t1,",
            "{id: kept,",
            "9: next_ids.track_share[0].id repeats line 5: an id belongs to one link; change one of the two",
            id="id of a link",
        ),
        pytest.param(
            "{id: c1,",
            "{id: t2,",
            "10: next_ids.collection_share[0].id repeats line 9: an id belongs to one link; change one of the two",
            id="id handed out twice",
        ),
        pytest.param(
            "token-of-c1",
            "token-of-kept",
            "10: next_ids.collection_share[0].token repeats line 5: a token belongs to one link; change one of the two",
            id="token of a link",
        ),
        pytest.param(
            "[e1, e2]",
            "[e1, e]",
            "11: next_ids.library_edge[1] repeats line 7: an id belongs to one edge; change one of the two",
            id="id of a saved track",
        ),
        pytest.param(
            "[{id: gone, token: token-of-gone}]",
            "[{id: kept, token: token-of-gone}]",
            "15: deterministic.next_ids.track_share[0].id repeats line 5: an id belongs to one link; "
            "change one of the two",
            id="id of a link that stays",
        ),
        pytest.param(
            "without_share_links: [gone]",
            "without_share_links: []",
            "15: deterministic.next_ids.track_share[0].id repeats line 6: an id belongs to one link; "
            "change one of the two",
            id="link that was to go",
        ),
        pytest.param(
            "without_share_links: [gone]",
            "without_share_links: [gone, x]",
            "13: deterministic.without_share_links[1] is not among the ids in share_links; "
            "add it there or correct it here",
            id="unknown link is to go",
        ),
        pytest.param(
            "without_share_links: [gone]",
            "without_share_links: [gone, kept]",
            "13: deterministic.without_share_links[1] is the share_link of a saved track; "
            "keep it, or take that one out",
            id="link of a saved track is to go",
        ),
        pytest.param(
            "{id: c1, token: token-of-c1}",
            "{id: c1}",
            "10: next_ids.collection_share[0] lacks token; add it",
            id="no token",
        ),
        pytest.param(
            "token: token-of-kept,",
            f"token: token-of-kept, token_digest: {'0' * 64},",
            "5: share_links[0] is not valid; expected: A share link with either a token or a token_digest",
            id="token in both forms",
        ),
        pytest.param(
            "token: token-of-kept, ",
            "",
            "5: share_links[0] is not valid; expected: A share link with either a token or a token_digest",
            id="token in no form",
        ),
        pytest.param(
            "token: token-of-kept,",
            f"token_digest: {'A' * 64},",
            "5: share_links[0].token_digest is not valid; expected: The SHA-256 digest of a secret in UTF-8, as 64 "
            "hexadecimal digits in lower case",
            id="digest in capitals",
        ),
        pytest.param(
            "token: token-of-kept,",
            f"token_digest: {digest('token-of-gone').hex()},",
            "6: share_links[1].token repeats line 5: a token belongs to one link; change one of the two",
            id="one token in two forms",
        ),
        pytest.param(
            "{id: u,",
            f"{{id: u, api_keys: [key-of-u], api_key_digests: [{digest('key-of-u').hex()}],",
            "2: users[0].api_key_digests[0] repeats line 2: an API key has one holder; change one of the two",
            id="one key in two forms",
        ),
    ],
)
def test_refusals(given: str, bent: str, refusal: str) -> None:
    """What is handed out is new, the links that are to go are there, and secrets are given in one form."""
    assert 1 == SMALL.count(given)

    with pytest.raises(FixtureError) as refused:
        parsed(SMALL.replace(given, bent))

    assert f"w.yaml:{refusal}" == str(refused.value)


def test_digests_for_secrets() -> None:
    """A key and a token may be given by their digests."""
    by_digest = SMALL.replace("token: token-of-kept", f"token_digest: {digest('token-of-kept').hex()}")

    assert parsed(SMALL) == parsed(by_digest)


class FrozenClock:
    """Stands still at the moment of the documented examples."""

    def time(self) -> float:
        """Unix seconds."""
        return NOW


@pytest.fixture
def sharing(database: SQLiteDatabase) -> Sharing:
    """The rules over the deterministic reading of the seed `docs`."""
    fixture = seed_fixture("docs", now=NOW, deterministic=True)
    store = database.sandbox(0)
    asyncio.run(store.load(fixture.world))
    return Sharing(store, FrozenClock(), SeededIds(0, fixture.next_ids))


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """The examples of the contract by name."""
    contract = yaml.safe_load(OPENAPI.read_text("utf-8"))
    return {name: example["value"] for name, example in contract["components"]["examples"].items()}


def spelt_out(minted: MintedLink) -> dict[str, Any]:
    """A new link as the API shows it, its URL aside."""
    link = minted.link
    return {
        "id": link.id,
        "token": minted.token,
        "target_type": link.target_type,
        "visibility": link.visibility,
        "expires_at": None if link.expires_at is None else timestamp(link.expires_at),
        "created_at": timestamp(link.created_at),
    }


def without_url(example: dict[str, Any]) -> dict[str, Any]:
    """A documented link without its URL."""
    return {name: value for name, value in example.items() if name != "url"}


OWNER, RECIPIENT = User("user_owner"), User("user_recipient")


async def share_track(sharing: Sharing) -> dict[str, Any]:
    """Share the documented track as documented."""
    terms = ShareTerms(lifetime_days=30)
    return spelt_out(await sharing.share_track(OWNER, "org_abc123", "mtrack_b4d9e1c6a72f", terms))


async def share_collection(sharing: Sharing) -> dict[str, Any]:
    """Share the documented collection as documented."""
    terms = ShareTerms(visibility="public")
    return spelt_out(await sharing.share_collection(OWNER, "org_abc123", "mcoll_5e8a1d3f9c27", terms))


async def save(sharing: Sharing) -> str:
    """Save a track by a link that is there from the start."""
    return (await sharing.save(RECIPIENT, f"shr_{'7' * 32}")).id


@pytest.mark.parametrize("calls", list(permutations([share_track, share_collection, save])))
def test_documented_examples(sharing: Sharing, examples: dict[str, Any], calls: Any) -> None:
    """In whichever order they come, the first calls on the deterministic seed `docs` give what is documented."""

    async def answers() -> dict[Any, Any]:
        return {call: await call(sharing) for call in calls}

    assert {
        share_track: without_url(examples["TrackShareLink"]),
        share_collection: without_url(examples["CollectionShareLink"]),
        save: examples["SavedTrack"]["id"],
    } == asyncio.run(answers())


def test_only_the_documented_links_are_missing() -> None:
    """The deterministic seed `docs` is the plain one without the two documented links."""
    plain, deterministic = (seed_fixture("docs", now=NOW, deterministic=chosen) for chosen in (False, True))
    documented = {"mslink_3a7f2c9e8b14", "mslink_8c4e2a9f1b73"}
    kept = {token: link for token, link in plain.world.share_links.items() if link.id not in documented}

    assert NextIds() == plain.next_ids
    assert kept == deterministic.world.share_links
    assert len(kept) == len(plain.world.share_links) - 2
