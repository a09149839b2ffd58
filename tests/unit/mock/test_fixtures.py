"""Loading fixtures, and the worlds that are built in."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.licences import LICENCE_CLASSES
from aitronos_mock.domain.models import LibraryEdge, ShareLink, Track, User, World
from aitronos_mock.fixtures import SEEDS, FixtureError, load_fixture, parse_fixture, seed_fixture

NOW = 1_782_642_600
DAY = 86_400
OPENAPI = Path(__file__).parents[3] / "openapi.yaml"


def link_of(world: World, token: str) -> ShareLink:
    """The link of a token."""
    return world.share_links[digest(token)]


def repeated(digit: str) -> str:
    """The token that repeats a digit."""
    return f"shr_{digit * 32}"


@pytest.fixture(scope="module")
def docs() -> World:
    """The seed `docs`, started at NOW."""
    return seed_fixture("docs", now=NOW).world


@pytest.fixture(scope="module")
def examples() -> dict[str, Any]:
    """The examples of the contract by name."""
    contract = yaml.safe_load(OPENAPI.read_text("utf-8"))
    return {name: example["value"] for name, example in contract["components"]["examples"].items()}


def test_empty_seed() -> None:
    """The seed `empty` is the world without anything."""
    assert seed_fixture("empty", now=NOW).world == World()


def test_start_moves_a_seed() -> None:
    """The moments of the seed `docs` move with the start, also when it was loaded before."""
    earlier, later = (seed_fixture("docs", now=start).world for start in (NOW, NOW + DAY))

    assert [link.created_at + DAY for link in earlier.share_links.values()] == [
        link.created_at for link in later.share_links.values()
    ]


def test_documented_keys(docs: World) -> None:
    """The keys of the seed `docs` belong to an owner, a fellow member, an outsider and a recipient."""
    homes = {
        key: {home for home, user in docs.members if user == docs.keys[digest(key)]}
        for key in ("your-api-key", "member-api-key", "outsider-api-key", "recipient-api-key")
    }

    assert homes == {
        "your-api-key": {"org_abc123"},
        "member-api-key": {"org_abc123"},
        "outsider-api-key": {"org_xyz789"},
        "recipient-api-key": set(),
    }
    assert len(docs.keys) == len(homes)


def test_documented_track(docs: World, examples: dict[str, Any]) -> None:
    """The documented track has the documented fields and belongs to the owner."""
    documented = examples["SharedTrack"]["track"]
    track = next(track for track in docs.tracks if track.id == documented["id"])

    assert track == Track(
        id=documented["id"],
        organization_id="org_abc123",
        owner_id=docs.keys[digest("your-api-key")],
        title=documented["title"],
        engine=documented["engine"],
        mode=documented["mode"],
        measured_duration_seconds=documented["measured_duration_seconds"],
        instrumental=documented["instrumental"],
        licence_class=documented["licence"]["licence_class"],
        licence_version=documented["licence"]["licence_version"],
        requires_attribution=documented["licence"]["requires_attribution"],
    )


def test_documented_collection(docs: World, examples: dict[str, Any]) -> None:
    """The documented collection opens with the contract's tracks first, and has a removed one among them."""
    documented = examples["SharedCollection"]
    identifier = documented["collection"]["id"]
    collection = next(collection for collection in docs.collections if collection.id == identifier)
    tracks = {track.id: track for track in docs.tracks}
    listed = [tracks[track] for track in docs.collection_tracks[identifier]]

    assert (collection.name, collection.description) == ("Quiet Hours", documented["collection"]["description"])
    assert [track.id for track in listed[:2]] == [track["id"] for track in documented["tracks"]]
    assert (listed[1].title, listed[1].measured_duration_seconds) == (None, None)
    assert [track.removed for track in listed] == [False, False, True, False, False]


@pytest.mark.parametrize(("example", "lifetime"), [("TrackShareLink", 30 * DAY), ("CollectionShareLink", None)])
def test_documented_links(docs: World, examples: dict[str, Any], example: str, lifetime: int | None) -> None:
    """The documented links are there, made at the start, and live as long as documented."""
    documented = examples[example]
    target = {"track": "mtrack_b4d9e1c6a72f", "collection": "mcoll_5e8a1d3f9c27"}[documented["target_type"]]

    assert link_of(docs, documented["token"]) == ShareLink(
        id=documented["id"],
        target_type=documented["target_type"],
        target_id=target,
        visibility=documented["visibility"],
        created_at=NOW,
        expires_at=None if lifetime is None else NOW + lifetime,
    )


@pytest.mark.parametrize(
    ("digit", "target_type", "revoked", "expired", "used_up", "removed"),
    [
        pytest.param("1", "track", True, False, False, False, id="revoked"),
        pytest.param("2", "track", False, True, False, False, id="expired"),
        pytest.param("3", "track", False, False, False, True, id="track removed"),
        pytest.param("4", "collection", False, False, False, True, id="collection removed"),
        pytest.param("5", "track", True, False, False, True, id="revoked and removed"),
        pytest.param("6", "track", False, False, True, False, id="limit reached"),
        pytest.param("7", "track", False, False, False, False, id="opens left"),
        pytest.param("8", "collection", False, False, False, False, id="empty collection"),
    ],
)
def test_states(
    docs: World, digit: str, target_type: str, revoked: bool, expired: bool, used_up: bool, removed: bool
) -> None:
    """Each other state that a link can be in has one link, known by its repeated digit."""
    link = link_of(docs, repeated(digit))
    is_removed = {target.id: target.removed for target in docs.tracks}
    is_removed |= {target.id: target.removed for target in docs.collections}

    assert link.id == f"mslink_{digit * 12}"
    assert link.target_type == target_type
    assert (link.revoked, link.expired(NOW), link.used_up(), is_removed[link.target_id]) == (
        revoked,
        expired,
        used_up,
        removed,
    )


def test_opens_left(docs: World) -> None:
    """One link opens three times more."""
    link = link_of(docs, repeated("7"))

    assert (link.open_limit, link.opens) == (3, 0)


def test_empty_collection(docs: World) -> None:
    """One link leads to a collection without tracks."""
    assert docs.collection_tracks[link_of(docs, repeated("8")).target_id] == ()


def test_variety(docs: World) -> None:
    """The seed `docs` has a track of every licence class, and content of the fellow member's and of the outsider's."""
    owners = {track.owner_id for track in docs.tracks}

    assert {track.licence_class for track in docs.tracks} == set(LICENCE_CLASSES)
    assert owners == {docs.keys[digest(key)] for key in ("your-api-key", "member-api-key", "outsider-api-key")}


def test_secrets_are_hashed(docs: World) -> None:
    """A world holds no key and no token in the clear."""
    spelt_out = repr(docs)

    assert "api-key" not in spelt_out
    assert "shr_" not in spelt_out


@pytest.mark.parametrize(("name", "text"), [("w.json", '{"users":\n[{"id": "u"}]}'), ("w.yml", "users:\n- id: u")])
def test_loads_a_file(tmp_path: Path, name: str, text: str) -> None:
    """A seed that is not built in is the path of a JSON or YAML file."""
    (tmp_path / name).write_text(text, "utf-8")

    assert seed_fixture(str(tmp_path / name), now=NOW).world == World(users=(User("u"),))


def test_byte_order_mark(tmp_path: Path) -> None:
    """A byte order mark before the text does not count."""
    path = tmp_path / "world.JSON"
    path.write_bytes(b'\xef\xbb\xbf{"organizations": [{"id": "o"}]}')

    assert load_fixture(path, now=NOW).world == World(organizations=("o",))


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is refused with what could be given instead."""
    path = tmp_path / "nowhere.yaml"

    with pytest.raises(FixtureError) as refused:
        seed_fixture(str(path), now=NOW)

    advice = f"give {', '.join(SEEDS)} or the path of a YAML or JSON file"
    assert str(refused.value) == f"{path}: cannot be read (No such file or directory); {advice}"
    assert refused.value.line is None


def test_impossible_path() -> None:
    """A path that no file can have is refused like a missing file."""
    with pytest.raises(FixtureError, match=r"cannot be read \(there can be no such file\)"):
        seed_fixture("a\0b", now=NOW)


def test_foreign_encoding(tmp_path: Path) -> None:
    """A file that is no UTF-8 is refused with the first line that is not."""
    path = tmp_path / "latin.yaml"
    path.write_bytes("organizations: []\n# Café".encode("latin-1"))

    with pytest.raises(FixtureError) as refused:
        load_fixture(path, now=NOW)

    assert str(refused.value) == f"{path}:2: this is no UTF-8; save the file as UTF-8"


def test_error_stays_one_line() -> None:
    """An error is one line even where the file's name has two."""
    with pytest.raises(FixtureError) as refused:
        parse_fixture("organizations: 1", name="two\nlines", now=NOW)

    assert str(refused.value) == "two lines:1: organizations must be a list"


def test_error_pickles() -> None:
    """An error survives the way to another process."""
    error = FixtureError("w.yaml", 3, "is wrong; correct it")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - of our own making

    assert (copy.file, copy.line, copy.reason, str(copy)) == ("w.yaml", 3, error.reason, str(error))


FULL = {
    "$schema": "fixture.schema.json",
    "organizations": [{"id": "o"}],
    "users": [{"id": "u", "api_keys": ["first", "second"], "organizations": ["o"]}, {"id": "bare"}],
    "tracks": [
        {
            "id": "t",
            "organization": "o",
            "owner": "u",
            "licence": {
                "licence_class": "commercial_cleared",
                "licence_version": "2026-01",
                "requires_attribution": True,
                "commercial_use": True,
            },
        }
    ],
    "collections": [{"id": "c", "organization": "o", "owner": "u", "name": "C"}],
    "share_links": [{"id": "l", "token": "s", "track": "t", "open_limit": 3.0, "opens": 1.0}],
    "library": [
        {"id": "e", "user": "bare", "track": "t", "share_link": "l", "created_at": "-1d"},
        {"id": "f", "user": "u", "track": "t"},
    ],
}


def test_defaults() -> None:
    """What a fixture leaves out has the defaults that the schema states."""
    world = parse_fixture(json.dumps(FULL), name="w.json", now=NOW).world

    assert world.tracks == (
        Track("t", "o", "u", None, "studio", "creation", None, False, "commercial_cleared", "2026-01", True),
    )
    assert world.collection_tracks == {"c": ()}
    assert world.share_links == {digest("s"): ShareLink("l", "track", "t", "link_only", NOW, open_limit=3, opens=1)}
    assert world.library == (LibraryEdge("e", "bare", "t", "l", NOW - DAY), LibraryEdge("f", "u", "t", None, NOW))


def test_keys_of_a_user() -> None:
    """A user holds as many keys as the fixture gives."""
    world = parse_fixture(json.dumps(FULL), name="w.json", now=NOW).world

    assert world.keys == {digest("first"): "u", digest("second"): "u"}
    assert world.users == (User("u"), User("bare"))


def test_integers_are_integers() -> None:
    """A whole number that is written with a fraction counts as an integer, as in any JSON Schema."""
    link = link_of(parse_fixture(json.dumps(FULL), name="w.json", now=NOW).world, "s")

    assert (type(link.open_limit), type(link.opens)) == (int, int)
