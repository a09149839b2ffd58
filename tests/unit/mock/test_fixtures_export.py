"""Worlds, exported and loaded again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.licences import LICENCE_CLASSES
from aitronos_mock.domain.models import Collection, LibraryEdge, ShareLink, Track, User, World
from aitronos_mock.fixtures import SEEDS, document_of, fixture_of, seed_fixture
from aitronos_mock.fixtures.digests import without_secrets
from aitronos_mock.store.sqlite import SQLiteDatabase

NOW = 1_782_642_600
LAST = 253_402_300_799
"""9999-12-31T23:59:59Z."""

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How busy the machine is decides nothing."""

NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\u2028\u2029"), min_size=1, max_size=9
).filter(lambda name: name not in (".", ".."))
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
DIGESTS = st.binary(min_size=32, max_size=32)
MOMENTS = st.integers(0, LAST)


def some_of(options: Sequence[Any]) -> st.SearchStrategy[list[Any]]:
    """Up to four of the options."""
    return st.lists(st.sampled_from(options), max_size=4, unique=True) if options else st.just([])


def assigned(keys: st.SearchStrategy[Any], options: Sequence[Any]) -> st.SearchStrategy[dict[Any, Any]]:
    """Up to four keys, each with one of the options."""
    return st.dictionaries(keys, st.sampled_from(options), max_size=4) if options else st.just({})


def a_track(track_id: str, home: str, owner: str) -> st.SearchStrategy[Track]:
    """A track of an owner."""
    return st.builds(
        Track,
        id=st.just(track_id),
        organization_id=st.just(home),
        owner_id=st.just(owner),
        title=st.none() | TEXTS,
        engine=TEXTS,
        mode=TEXTS,
        measured_duration_seconds=st.none() | st.floats(0, 86_400, exclude_min=True),
        instrumental=st.booleans(),
        licence_class=st.sampled_from(LICENCE_CLASSES),
        licence_version=st.sampled_from(["2026-01", "1999-12"]),
        requires_attribution=st.booleans(),
        removed=st.booleans(),
    )


def a_collection(collection_id: str, home: str, owner: str) -> st.SearchStrategy[Collection]:
    """A collection of an owner."""
    named = st.tuples(TEXTS, st.none() | TEXTS, st.booleans())
    return named.map(lambda fields: Collection(collection_id, home, owner, *fields))


@st.composite
def a_share_link(draw: st.DrawFn, link_id: str, target: Track | Collection) -> ShareLink:
    """A link to a target."""
    created_at = draw(MOMENTS)
    open_limit = draw(st.none() | st.integers(1, 10**9))
    return ShareLink(
        id=link_id,
        target_type="track" if isinstance(target, Track) else "collection",
        target_id=target.id,
        visibility=draw(st.sampled_from(["link_only", "public"])),
        created_at=created_at,
        expires_at=draw(st.none() | st.integers(created_at, LAST)),
        revoked=draw(st.booleans()),
        open_limit=open_limit,
        opens=draw(st.integers(0, open_limit or 0)),
    )


@st.composite
def an_edge(draw: st.DrawFn, edge_id: str, save: tuple[str, str], links: list[ShareLink]) -> LibraryEdge:
    """What a user saved, by one of the links that lead there or by an unknown one."""
    ways = [link.id for link in links if (link.target_type, link.target_id) == ("track", save[1])]
    return LibraryEdge(edge_id, *save, draw(st.sampled_from([None, *ways])), draw(MOMENTS))


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any world that keeps to the rules."""
    organizations, users = (draw(st.lists(NAMES, max_size=3, unique=True)) for _ in range(2))
    members = draw(some_of([(home, user) for home in organizations for user in users]))
    tracks = [draw(a_track(*item, *owner)) for *item, owner in draw(assigned(NAMES, members)).items()]
    collections = [draw(a_collection(*item, *owner)) for *item, owner in draw(assigned(NAMES, members)).items()]
    links = [draw(a_share_link(*item)) for item in draw(assigned(NAMES, [*tracks, *collections])).items()]
    tokens = draw(st.lists(DIGESTS, min_size=len(links), max_size=len(links), unique=True))
    saves = draw(some_of([(user, track.id) for user in users for track in tracks]))
    edge_ids = draw(st.lists(NAMES, min_size=len(saves), max_size=len(saves), unique=True))
    return World(
        organizations=tuple(organizations),
        users=tuple(map(User, users)),
        keys=draw(assigned(DIGESTS, users)),
        members=frozenset(members),
        tracks=tuple(tracks),
        collections=tuple(collections),
        collection_tracks={
            collection.id: tuple(
                draw(some_of([track.id for track in tracks if track.organization_id == collection.organization_id]))
            )
            for collection in collections
        },
        share_links=dict(zip(tokens, links, strict=True)),
        library=tuple(draw(an_edge(*item, links)) for item in zip(edge_ids, saves, strict=True)),
    )


def through_json(document: Any) -> Any:
    """What a client reads and sends back."""
    return json.loads(json.dumps(document, allow_nan=False))


@UNTIMED
@given(world=worlds(), now=MOMENTS)
def test_any_world_comes_back(world: World, now: int) -> None:
    """Whatever the world and whenever it is loaded, its export gives an equal one."""
    assert world == fixture_of(through_json(document_of(world)), now=now).world


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_comes_back(seed: str, deterministic: bool) -> None:
    """A built-in world, exported at its start, is the same when it is loaded a day later."""
    world = seed_fixture(seed, now=NOW, deterministic=deterministic).world

    assert world == fixture_of(through_json(document_of(world)), now=NOW + 86_400).world


def test_a_stored_world_comes_back(database: SQLiteDatabase) -> None:
    """A world that was read from a store, exported and loaded into another one is the same there."""
    first, second = database.sandbox(1), database.sandbox(2)

    async def worlds() -> list[World]:
        await first.load(seed_fixture("docs", now=NOW).world)
        await second.load(fixture_of(document_of(await first.world()), now=NOW).world)
        return [await first.world(), await second.world()]

    one, other = asyncio.run(worlds())
    assert one == other


def test_an_export_is_edited() -> None:
    """Keys and tokens in the clear may be put beside those that an export has as digests."""
    document: Any = document_of(seed_fixture("docs", now=NOW).world)
    document["users"][0]["api_keys"] = ["another-key"]
    document["share_links"].append({"id": "mslink_new", "token": "shr_new", "track": "mtrack_b4d9e1c6a72f"})
    world = fixture_of(document, now=NOW).world

    assert {"user_owner"} == {world.keys[digest(key)] for key in ("your-api-key", "another-key")}
    assert "mslink_new" == world.share_links[digest("shr_new")].id


def test_an_export_has_plain_values() -> None:
    """Moments are absolute, secrets are digests in hexadecimal, and what follows from something else is not stated."""
    document: Any = document_of(seed_fixture("docs", now=NOW).world)

    assert {
        "id": "mslink_3a7f2c9e8b14",
        "token_digest": digest("shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c").hex(),
        "track": "mtrack_b4d9e1c6a72f",
        "visibility": "link_only",
        "created_at": "2026-06-28T10:30:00Z",
        "expires_at": "2026-07-28T10:30:00Z",
        "revoked": False,
        "open_limit": None,
        "opens": 0,
    } == document["share_links"][0]
    assert {
        "id": "user_owner",
        "api_key_digests": [digest("your-api-key").hex()],
        "organizations": ["org_abc123"],
    } == document["users"][0]
    assert {"licence_class", "licence_version", "requires_attribution"} == set(document["tracks"][0]["licence"])


def test_a_fixture_can_do_without_its_secrets() -> None:
    """With digests in the place of keys and tokens it describes the same world, and names none of them."""
    fixture: Any = {
        "organizations": [{"id": "org_one"}],
        "users": [
            {"id": "user_one", "api_keys": ["a-key"], "organizations": ["org_one"]},
            {"id": "user_two", "api_key_digests": ["00" * 32]},
        ],
        "tracks": [
            {
                "id": "mtrack_000000000001",
                "organization": "org_one",
                "owner": "user_one",
                "licence": {
                    "licence_class": "personal_only",
                    "licence_version": "2026-01",
                    "requires_attribution": False,
                },
            }
        ],
        "share_links": [
            {"id": "mslink_000000000001", "token": f"shr_{'5' * 32}", "track": "mtrack_000000000001"},
            {"id": "mslink_000000000002", "token_digest": "11" * 32, "track": "mtrack_000000000001"},
        ],
    }
    document = without_secrets(fixture)

    assert fixture_of(fixture, now=NOW) == fixture_of(document, now=NOW)
    assert [] == [secret for secret in ("a-key", "55555") if secret in json.dumps(document)]
