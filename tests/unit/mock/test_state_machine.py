"""Two users, two sandboxes, and any order of what they can do, against a model that is simple enough to be believed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, precondition, rule, run_state_machine_as_test

from aitronos_mock.clock import moment_of, timestamp

from .whole import Json, Whole

START = "2026-06-28T10:30:00Z"
DAY = 86400
PLAYBACK_SECONDS = 300
TARGETS = {"track": "mtrack_000000000001", "collection": "mcoll_000000000001"}
WORLD: Json = {
    "organizations": [{"id": "org_mine"}],
    "users": [
        {"id": "user_owner", "api_keys": ["owner-key"], "organizations": ["org_mine"]},
        {"id": "user_guest", "api_keys": ["guest-key"]},
    ],
    "tracks": [
        {
            "id": TARGETS["track"],
            "organization": "org_mine",
            "owner": "user_owner",
            "measured_duration_seconds": 1,
            "licence": {"licence_class": "unclear", "licence_version": "2026-01", "requires_attribution": False},
        }
    ],
    "collections": [
        {
            "id": TARGETS["collection"],
            "organization": "org_mine",
            "owner": "user_owner",
            "name": "Mine",
            "tracks": [TARGETS["track"]],
        }
    ],
}

sandboxes = st.integers(0, 1)
users = st.sampled_from(["owner", "guest"])
kinds = st.sampled_from(["track", "collection"])
# Mostly what gets somewhere: a world in which all is dead, foreign or removed has little left to go wrong.
sharers = st.sampled_from(["owner", "owner", "owner", "guest"])
moves = st.sampled_from([0, 0, 0, 0, 1])
lifetimes = st.sampled_from([None, None, None, 1, 90, 91])
steps = st.sampled_from([0, 1, 1, 1, PLAYBACK_SECONDS - 1, PLAYBACK_SECONDS, DAY - 1, DAY, 90 * DAY])


@dataclass
class Link:
    """What the model knows of a link."""

    id: str
    kind: str
    created: int
    expires: int | None
    revoked: bool = False


@dataclass
class World:
    """What the model knows of a sandbox, which begins another life with each reset."""

    life: int = 0
    now: int = field(default_factory=lambda: moment_of(START))
    removed: set[str] = field(default_factory=set)
    links: dict[str, Link] = field(default_factory=dict)
    library: dict[str, Json] = field(default_factory=dict)

    def living(self, token: str) -> Link | None:
        """The link that this token opens now, if any."""
        link = self.links.get(token)
        if link is None or link.revoked or (link.expires is not None and link.expires <= self.now):
            return None
        return link

    def export(self) -> Json:
        """Links and library, as the mock exports them."""
        links = {
            link.id: [
                link.kind,
                timestamp(link.created),
                None if link.expires is None else timestamp(link.expires),
                link.revoked,
            ]
            for link in self.links.values()
        }
        return {"links": links, "library": {edge["id"]: edge["user"] for edge in self.library.values()}}


class Minted(NamedTuple):
    """A token, and the sandbox that it comes from."""

    home: int
    token: str


class Playable(NamedTuple):
    """A playback URL, the life of the sandbox in which it was given, and what for."""

    home: int
    life: int
    token: str
    path: str
    expires: int


class Machine(RuleBasedStateMachine):
    """Does to a mock what the rules say, and holds each answer against the model."""

    tokens: Bundle[Minted] = Bundle("tokens")
    playables: Bundle[Playable] = Bundle("playables")

    def __init__(self, whole: Whole) -> None:
        super().__init__()
        self.whole = whole
        self.names = [whole.create(fixture=WORLD, clock=START) for _ in range(2)]
        self.worlds = [World(), World()]

    def teardown(self) -> None:
        """Compare what is left, and leave nothing behind."""
        for at in range(2):
            self.export(at)
            assert 204 == self.whole.control("DELETE", f"/sandboxes/{self.names[at]}").status_code

    @rule(target=tokens, at=sandboxes, user=sharers, kind=kinds, days=lifetimes)
    def share(self, at: int, user: str, kind: str, days: int | None) -> Any:
        """Only the owner may share, and only what is not removed; every share is another link."""
        world = self.worlds[at]
        path = f"/v1/music/org_mine/{kind}s/{TARGETS[kind]}/share"
        response = self._call(at, "POST", path, user, json={} if days is None else {"expires_in_days": days})
        if user == "guest" or kind in world.removed:
            assert (403 if user == "guest" else 404) == response.status_code
            return multiple()
        made = response.json()
        assert 201 == response.status_code
        assert made["token"] not in self.worlds[0].links | self.worlds[1].links
        expires = None if days is None else world.now + min(days, 90) * DAY
        assert [timestamp(world.now), expires and timestamp(expires)] == [made["created_at"], made["expires_at"]]
        world.links[made["token"]] = Link(made["id"], kind, world.now, expires)
        return Minted(at, made["token"])

    @rule(target=playables, away=moves, minted=tokens)
    def resolve(self, away: int, minted: Minted) -> Any:
        """A token opens in its own sandbox while its link lives, to what is there of its target."""
        at = (minted.home + away) % 2
        world = self.worlds[at]
        link = world.living(minted.token)
        response = self._call(at, "GET", f"/v1/music/shared/{minted.token}")
        assert (404 if link is None else 200) == response.status_code
        if link is None:
            return multiple()
        opened = response.json()
        assert [link.kind, link.kind not in world.removed] == [opened["kind"], opened["available"]]
        shown = opened["tracks"] if link.kind == "collection" else [opened["track"]]
        if not opened["available"]:
            assert shown in ([None], None)
            return multiple()
        assert ([] if "track" in world.removed else [TARGETS["track"]]) == [track["id"] for track in shown]
        expires = world.now + PLAYBACK_SECONDS
        paths = [track["playback_url"].partition(self.names[at])[2] for track in shown]
        return multiple(*(Playable(at, world.life, minted.token, path, expires) for path in paths))

    @rule(away=moves, playable=playables)
    def play(self, away: int, playable: Playable) -> None:
        """A playback URL plays in the life of its own sandbox, in its time, while link and content are there."""
        at = (playable.home + away) % 2
        world = self.worlds[at]
        response = self.whole.ask("GET", self._place(at) + playable.path, headers={"Range": "bytes=0-3"})
        link = world.living(playable.token)
        if (at, world.life) != (playable.home, playable.life) or world.now >= playable.expires:
            assert 403 == response.status_code
        elif link is None or "track" in world.removed or link.kind in world.removed:
            assert 404 == response.status_code
        else:
            assert (206, b"RIFF") == (response.status_code, response.content)

    @rule(away=moves, user=users, minted=tokens)
    def save(self, away: int, user: str, minted: Minted) -> None:
        """A living track link saves once per user; saving again answers with the same edge."""
        at = (minted.home + away) % 2
        world = self.worlds[at]
        link = world.living(minted.token)
        response = self._call(at, "POST", f"/v1/music/shared/{minted.token}/save", user)
        if link is None or link.kind == "collection" or "track" in world.removed:
            assert 404 == response.status_code
            return
        edge = response.json()
        assert 201 == response.status_code
        new = {"id": edge["id"], "share_link_id": link.id, "created_at": timestamp(world.now), "user": f"user_{user}"}
        kept = world.library.setdefault(user, new)
        assert kept == {name: f"user_{user}" if name == "user" else edge[name] for name in kept}

    @rule(away=moves, minted=tokens)
    def revoke(self, away: int, minted: Minted) -> None:
        """The control plane revokes links of its own sandbox."""
        if link := self._change((minted.home + away) % 2, minted, "revoke"):
            link.revoked = True

    @rule(away=moves, minted=tokens)
    def expire(self, away: int, minted: Minted) -> None:
        """The control plane lets links of its own sandbox expire now."""
        at = (minted.home + away) % 2
        if link := self._change(at, minted, "expire"):
            link.expires = self.worlds[at].now
            link.created = min(link.created, link.expires)

    @rule(at=sandboxes, kind=kinds)
    def remove(self, at: int, kind: str) -> None:
        """What is removed stays removed until it is restored."""
        self._done(at, "POST", f"/{kind}s/{TARGETS[kind]}/remove")
        self.worlds[at].removed.add(kind)

    @rule(at=sandboxes, kind=kinds)
    def restore(self, at: int, kind: str) -> None:
        """What is restored is as it was."""
        self._done(at, "POST", f"/{kind}s/{TARGETS[kind]}/restore")
        self.worlds[at].removed.discard(kind)

    @rule(at=sandboxes, seconds=steps)
    def advance(self, at: int, seconds: int) -> None:
        """Each sandbox has its own time."""
        self.worlds[at].now += seconds
        clock = self.whole.control("PUT", "/clock", self.names[at], json={"advance_seconds": seconds})
        assert {"now": timestamp(self.worlds[at].now), "mode": "frozen"} == clock.json()

    @rule(at=sandboxes, days=st.integers(-2, 2))
    def set_clock(self, at: int, days: int) -> None:
        """A clock can be set back as well."""
        now = moment_of(START) + days * DAY
        self.whole.control("PUT", "/clock", self.names[at], json={"now": timestamp(now)})
        self.worlds[at].now = now

    @precondition(lambda self: any(len(world.links) > 5 for world in self.worlds))
    @rule(at=sandboxes)
    def reset(self, at: int) -> None:
        """One sandbox begins anew, and the other goes on."""
        self._done(at, "POST", "/reset")
        self.worlds[at] = World(self.worlds[at].life + 1)

    @rule(at=sandboxes)
    def export(self, at: int) -> None:
        """The exported world has the links and the library of the model, and loads again as it was."""
        state = self.whole.control("GET", "/state", self.names[at]).json()
        links = {
            link["id"]: [
                "track" if "track" in link else "collection",
                link["created_at"],
                link["expires_at"],
                link["revoked"],
            ]
            for link in state["share_links"]
        }
        library = {edge["id"]: edge["user"] for edge in state["library"]}
        assert self.worlds[at].export() == {"links": links, "library": library}
        self._done(at, "PUT", "/state", json=state)
        assert state == self.whole.control("GET", "/state", self.names[at]).json()

    def _change(self, at: int, minted: Minted, verb: str) -> Link | None:
        """Change the link of a token; None where this sandbox does not have it, which must then be said."""
        known = {token: link for world in self.worlds for token, link in world.links.items()}
        link = self.worlds[at].links.get(minted.token)
        link_id = known[minted.token].id if minted.token in known else "mslink_0"
        response = self.whole.control("POST", f"/links/{link_id}/{verb}", self.names[at])
        assert (404 if link is None else 204) == response.status_code
        return link

    def _done(self, at: int, method: str, path: str, **request: Any) -> None:
        assert 204 == self.whole.control(method, path, self.names[at], **request).status_code

    def _call(self, at: int, method: str, path: str, user: str | None = None, **request: Any) -> Any:
        return self.whole.call(method, path, user and f"{user}-key", self.names[at], **request)

    def _place(self, at: int) -> str:
        return f"/sandboxes/{self.names[at]}"


# Some thousand requests, each of which asks a server: a busy machine takes its time.
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kind", ["memory", "file", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_any_order_of_calls_agrees_with_the_model(
    make_whole: Callable[..., Whole], request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Whatever two users do in two sandboxes of any database, every answer is the one that the model foretells."""
    urls = {"memory": "sqlite://", "file": f"sqlite:///{tmp_path}/world.db"}
    whole = make_whole(url=urls.get(kind) or request.getfixturevalue("postgresql").new_database())

    class Bound(Machine):
        def __init__(self) -> None:
            super().__init__(whole)

    bounds = settings(
        max_examples=40, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Bound, settings=bounds)
