"""What a fixture must and must not say."""

from __future__ import annotations

import pytest

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import World
from aitronos_mock.fixtures import FixtureError, parse_fixture

NOW = 1_782_642_600
LAST = 253_402_300_799
"""9999-12-31T23:59:59Z."""

SMALL = """\
organizations: [{id: o}, {id: p}]
users:
- {id: u, api_keys: [key-of-u], organizations: [o]}
- {id: v, api_keys: [key-of-v], organizations: [o, p]}
tracks:
- {id: t, organization: o, owner: u, licence: LICENCE}
- {id: far, organization: p, owner: v, licence: LICENCE}
collections:
- {id: c, organization: o, owner: u, name: C, tracks: [t]}
share_links:
- {id: lt, token: token-of-lt, track: t}
- {id: lc, token: token-of-lc, collection: c}
library:
- {id: e, user: v, track: t, share_link: lt}
""".replace("LICENCE", "{licence_class: unclear, licence_version: 2026-01, requires_attribution: true}")


def test_small_world() -> None:
    """The world that the other rules bend is a fixture."""
    world = parse_fixture(SMALL, name="w.yaml", now=NOW).world

    assert [link.id for link in world.share_links.values()] == ["lt", "lc"]


@pytest.mark.parametrize(
    ("given", "bent", "refusal"),
    [
        pytest.param(
            "collections:",
            "colections:",
            "8: the fixture has an unknown field here, perhaps collections is meant; "
            "known are $schema, collections, deterministic, library, next_ids, organizations, share_links, tracks, "
            "users",
            id="misspelt list",
        ),
        pytest.param(
            "{id: u, api_keys: [key-of-u]",
            "{id: u, api_keys:key-of-u: 1",
            "3: users[0] has an unknown field here, perhaps api_keys is meant; "
            "known are api_key_digests, api_keys, id, organizations",
            id="key that runs into its field, which is not quoted",
        ),
        pytest.param("[{id: o}, {id: p}]", "{id: o}", "1: organizations must be a list", id="no list"),
        pytest.param("{id: p}", "p", "1: organizations[1] must be a mapping of names to values", id="no mapping"),
        pytest.param(
            "{id: u,",
            "{id: 1,",
            "3: users[0].id must be a string (in quotes, if it looks like something else)",
            id="number for a string",
        ),
        pytest.param("{id: lt, token: token-of-lt,", "{", "11: share_links[0] lacks id; add it", id="lacking"),
        pytest.param(
            "collection: c}",
            "collection: c, visibility: friends}",
            "12: share_links[1].visibility must be one of link_only, public",
            id="unknown choice",
        ),
        pytest.param(
            "name: C,",
            "name: C, description: 1,",
            "9: collections[0].description must be a string (in quotes, if it looks like something else), or null",
            id="number for a string or null",
        ),
        pytest.param(
            "track: t}\n- {id: lc",
            "track: t, collection: c}\n- {id: lc",
            "11: share_links[0] is not valid; expected: A share link, which leads to either a track or a collection",
            id="two targets",
        ),
        pytest.param(
            ", collection: c}",
            "}",
            "12: share_links[1] is not valid; expected: A share link, which leads to either a track or a collection",
            id="no target",
        ),
        pytest.param(
            "track: t}\n- {id: lc",
            "track: t, open_limit: 0}\n- {id: lc",
            "11: share_links[0].open_limit is not valid; expected: How often it opens before it answers like an "
            "expired one, from 1 to a billion. Left out or null, there is no limit",
            id="limit of no opens",
        ),
        pytest.param("{id: p}", "{id: o}", "1: organizations[1].id repeats line 1: an id stands once in its list; "
                     "change one of the two", id="twin organizations"),
        pytest.param(
            "{id: v, api", "{id: u, api", "4: users[1].id repeats line 3: an id stands once in its list; "
            "change one of the two", id="twin users",
        ),
        pytest.param("{id: far", "{id: t", "7: tracks[1].id repeats line 6: an id stands once in its list; "
                     "change one of the two", id="twin tracks"),
        pytest.param("{id: lc", "{id: lt", "12: share_links[1].id repeats line 11: an id stands once in its list; "
                     "change one of the two", id="twin links"),
        pytest.param(
            "key-of-v", "key-of-u",
            "4: users[1].api_keys[0] repeats line 3: an API key has one holder; change one of the two", id="twin keys",
        ),
        pytest.param(
            "token-of-lc", "token-of-lt",
            "12: share_links[1].token repeats line 11: a token belongs to one link; change one of the two",
            id="twin tokens",
        ),
        pytest.param(
            "- {id: e, user: v, track: t, share_link: lt}",
            "- {id: e, user: v, track: t}\n- {id: f, user: v, track: t}",
            "15: library[1].track repeats line 14: a user has a track once; change one of the two",
            id="track saved twice",
        ),
        pytest.param(
            "tracks: [t]}", "tracks: [t, t]}",
            "9: collections[0].tracks is not valid; expected: The identifiers of its tracks by position, in a list "
            "without repetition. All of them belong to its organization", id="track listed twice",
        ),
        pytest.param(
            "[o, p]", "[o, q]",
            "4: users[1].organizations[1] is not among the ids in organizations; add it there or correct it here",
            id="member of nothing",
        ),
        pytest.param(
            "{id: t, organization: o", "{id: t, organization: q",
            "6: tracks[0].organization is not among the ids in organizations; add it there or correct it here",
            id="track of no organization",
        ),
        pytest.param(
            "{id: c, organization: o, owner: u", "{id: c, organization: o, owner: w",
            "9: collections[0].owner is not among the ids in users; add it there or correct it here",
            id="collection of nobody",
        ),
        pytest.param(
            "owner: v", "owner: u",
            "7: tracks[1].owner is no member of the organization; add it to the user's organizations",
            id="owner from outside",
        ),
        pytest.param(
            "tracks: [t]}", "tracks: [x]}",
            "9: collections[0].tracks[0] is not among the ids in tracks; add it there or correct it here",
            id="collection of unknown tracks",
        ),
        pytest.param(
            "tracks: [t]}", "tracks: [t, far]}",
            "9: collections[0].tracks[1] belongs to another organization than its collection; take it out",
            id="collection across organizations",
        ),
        pytest.param(
            "track: t}\n- {id: lc", "track: x}\n- {id: lc",
            "11: share_links[0].track is not among the ids in tracks; add it there or correct it here",
            id="link to an unknown track",
        ),
        pytest.param(
            "collection: c}", "collection: x}",
            "12: share_links[1].collection is not among the ids in collections; add it there or correct it here",
            id="link to an unknown collection",
        ),
        pytest.param(
            "collection: c}", "collection: c, opens: 1}",
            "12: share_links[1].opens goes beyond open_limit; lower it or raise the limit",
            id="opens without a limit",
        ),
        pytest.param(
            "collection: c}", "collection: c, opens: 3, open_limit: 2}",
            "12: share_links[1].opens goes beyond open_limit; lower it or raise the limit",
            id="opens beyond the limit",
        ),
        pytest.param(
            "user: v, track: t", "user: w, track: t",
            "14: library[0].user is not among the ids in users; add it there or correct it here",
            id="library of nobody",
        ),
        pytest.param(
            "user: v, track: t", "user: v, track: x",
            "14: library[0].track is not among the ids in tracks; add it there or correct it here",
            id="unknown track saved",
        ),
        pytest.param(
            "share_link: lt", "share_link: x",
            "14: library[0].share_link is not among the ids in share_links; add it there or correct it here",
            id="saved by an unknown link",
        ),
        pytest.param(
            "share_link: lt", "share_link: lc",
            "14: library[0].share_link leads to something else than the track; correct one",
            id="saved by another link",
        ),
        pytest.param(
            "collection: c}", "collection: c, expires_at: 2026-02-30T10:30:00Z}",
            "12: share_links[1].expires_at is no moment of the years 1970 to 9999; correct it",
            id="day that does not exist",
        ),
        pytest.param(
            "collection: c}", "collection: c, created_at: +1m, expires_at: +59s}",
            "12: share_links[1].expires_at lies before created_at; correct one of the two",
            id="expired before it is made",
        ),
    ],
)  # fmt: skip
def test_refusals(given: str, bent: str, refusal: str) -> None:
    """A fixture that breaks a rule is refused with its line, the reason and what to do."""
    assert SMALL.count(given) == 1

    with pytest.raises(FixtureError) as refused:
        parse_fixture(SMALL.replace(given, bent), name="w.yaml", now=NOW)

    assert str(refused.value) == f"w.yaml:{refusal}"


@pytest.mark.parametrize(
    ("licence_class", "allowed"),
    [
        ("commercial_cleared", "true"),
        ("commercial_enterprise", "true"),
        ("personal_only", "false"),
        ("unclear", "false"),
    ],
)
def test_commercial_use(licence_class: str, allowed: str) -> None:
    """Commercial use may be stated as the class has it, and never otherwise."""
    text = SMALL.replace("licence_class: unclear", f"licence_class: {licence_class}, commercial_use: {allowed}", 1)
    contradiction = text.replace(f"commercial_use: {allowed}", f"commercial_use: {str(allowed == 'false').lower()}")

    assert parse_fixture(text, name="w.yaml", now=NOW).world.tracks[0].licence_class == licence_class
    with pytest.raises(FixtureError) as refused:
        parse_fixture(contradiction, name="w.yaml", now=NOW)

    place = "w.yaml:6: tracks[0].licence.commercial_use"
    assert str(refused.value) == f"{place} contradicts licence_class, which makes it {allowed}; leave it out"


def test_first_failure_in_the_file() -> None:
    """Of several failures of form the one that stands first in the file is told."""
    with pytest.raises(FixtureError, match=r"^w\.yaml:2: users must be a list$"):
        parse_fixture("tracks: []\nusers: 1\nlibrary: 1\n", name="w.yaml", now=NOW)


@pytest.mark.parametrize("identifier", ["a/b", "", ".", "..", "a\nb", "a\n", "\x7f", "a\u2028b", "\ud800", "x" * 201])
def test_identifiers_that_cannot_be(identifier: str) -> None:
    """An identifier is 1 to 200 characters that can stand as one segment of a URL's path and in one line of a log."""
    with pytest.raises(FixtureError, match=r"^w\.json:1: organizations\[0\]\.id is not valid; expected: 1 to 200 char"):
        parse_organization(identifier)


@pytest.mark.parametrize("identifier", ["x", "...", ".a", "å b", "%2e", "100%?#", "\U0001f3b5", "x" * 200])
def test_identifiers_of_any_shape(identifier: str) -> None:
    """An identifier is bound to no prefix and no alphabet."""
    assert parse_organization(identifier) == World(organizations=(identifier,))


def parse_organization(identifier: str) -> World:
    """The world of one organization."""
    escaped = "".join(f"\\u{unit:04x}" for unit in units(identifier))
    return parse_fixture(f'{{"organizations": [{{"id": "{escaped}"}}]}}', name="w.json", now=NOW).world


def units(text: str) -> list[int]:
    """The UTF-16 code units of a text, as JSON escapes them."""
    encoded = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(encoded[place : place + 2], "big") for place in range(0, len(encoded), 2)]


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
def test_keys_that_cannot_be_sent(key: str) -> None:
    """An API key is visible ASCII, since nothing else can stand in a header as it is."""
    with pytest.raises(FixtureError, match=r"^w\.yaml:1: users\[0\]\.api_keys\[0\] is not valid; expected: 1 to 200"):
        parse_fixture(f"users: [{{id: u, api_keys: ['{key}']}}]", name="w.yaml", now=NOW)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-28T10:30:00Z", 1_782_642_600),
        ("1970-01-01T00:00:00Z", 0),
        ("9999-12-31T23:59:59Z", LAST),
        ("2024-02-29T12:00:00Z", 1_709_208_000),
        ("+0s", NOW),
        ("-90s", NOW - 90),
        ("+15m", NOW + 900),
        ("-1h", NOW - 3_600),
        ("+30d", NOW + 2_592_000),
    ],
)
def test_moments(text: str, moment: int) -> None:
    """A moment is absolute in UTC, or relative to the start in seconds, minutes, hours or days."""
    world = parse_fixture(with_edge_at(text), name="w.yaml", now=NOW).world

    assert [edge.created_at for edge in world.library] == [moment]


@pytest.mark.parametrize(
    "text", ["now", "30d", "+30", "+30w", "+1.5h", "+٣d", "2026-06-28", "2026-06-28T10:30:00", "2026-06-28T24:00:00Z"]
)
def test_no_moments(text: str) -> None:
    """Any other spelling of a moment is refused with the spellings that there are."""
    with pytest.raises(
        FixtureError, match=r"^w\.yaml:14: library\[0\]\.created_at is not valid; expected: Either abso"
    ):
        parse_fixture(with_edge_at(text), name="w.yaml", now=NOW)


@pytest.mark.parametrize("text", ["-99999d", "+999999999d", "2025-02-29T00:00:00Z", "0000-01-01T00:00:00Z"])
def test_moments_out_of_range(text: str) -> None:
    """A day that no calendar has, and a time before 1970 or after 9999, are refused."""
    with pytest.raises(FixtureError) as refused:
        parse_fixture(with_edge_at(text), name="w.yaml", now=NOW)

    assert str(refused.value) == "w.yaml:14: library[0].created_at is no moment of the years 1970 to 9999; correct it"


def with_edge_at(moment: str) -> str:
    """The small world, its library edge made at a moment."""
    return SMALL.replace("share_link: lt}", f"created_at: '{moment}'}}")


@pytest.mark.parametrize(
    ("expiry", "created_at", "expires_at"),
    [
        ("null", NOW, None),
        ("+1s", NOW, NOW + 1),
        ("-1h", NOW - 3_600, NOW - 3_600),
        ("2020-01-01T00:00:00Z, created_at: 2020-01-01T00:00:00Z", 1_577_836_800, 1_577_836_800),
    ],
)
def test_lifetime(expiry: str, created_at: int, expires_at: int | None) -> None:
    """A link is made at the start unless it says otherwise or expired before, so no fixture turns bad with time."""
    text = SMALL.replace("collection: c}", f"collection: c, expires_at: {expiry}}}")
    link = parse_fixture(text, name="w.yaml", now=NOW).world.share_links[digest("token-of-lc")]

    assert (link.created_at, link.expires_at) == (created_at, expires_at)
