"""Worlds that are exported and loaded through the control plane."""

from __future__ import annotations

import json

import pytest

from .whole import (
    COLLECTION_LINK,
    OWNER,
    RECIPIENT,
    RESOLVE,
    SHARE_COLLECTION,
    SHARE_TRACK,
    SMALL,
    SMALL_LINK,
    SMALL_SHARE,
    TOKEN,
    TRACK,
    Json,
    Whole,
    refusal_of,
)


def test_a_world_can_be_exported_edited_and_loaded(whole: Whole) -> None:
    """What is exported loads again as it was, and an edit of it takes effect; secrets are in it as digests."""
    whole.call("POST", f"{RESOLVE}/save", RECIPIENT)
    state = whole.control("GET", "/state").json()
    edited = json.loads(json.dumps(state))
    (track,) = [each for each in edited["tracks"] if each["id"] == TRACK]
    track["title"] = "Early Morning Study"

    assert not {TOKEN, OWNER} & set(json.dumps(state).split('"'))
    assert 204 == whole.control("PUT", "/state", json=edited).status_code
    assert "Early Morning Study" == whole.call("GET", RESOLVE).json()["track"]["title"]
    assert 204 == whole.control("PUT", "/state", json=state).status_code
    assert state == whole.control("GET", "/state").json()


def test_a_loaded_world_takes_the_place_of_the_other(whole: Whole) -> None:
    """Keys, tracks and links are those of the fixture alone; its relative moments count from the sandbox's clock."""
    whole.control("PUT", "/clock", json={"now": "2030-01-01T00:00:00Z"})

    assert 204 == whole.control("PUT", "/state", json=SMALL).status_code
    assert [404, 401] == [whole.call("GET", RESOLVE).status_code, whole.call("POST", SHARE_TRACK, OWNER).status_code]
    assert "2030-01-01T01:00:00Z" == whole.call("GET", SMALL_LINK).json()["share"]["expires_at"]


def test_a_reset_takes_a_loaded_world_away(whole: Whole) -> None:
    """After a reset there is the world of the seed again."""
    whole.control("PUT", "/state", json=SMALL)
    whole.control("POST", "/reset")

    assert [200, 404] == [whole.call("GET", path).status_code for path in (RESOLVE, SMALL_LINK)]


def test_a_loaded_world_names_the_ids_to_come(whole: Whole) -> None:
    """What a fixture has under `next_ids` is handed out next, in a sandbox that draws at random too."""
    link = {"id": "mslink_00000000beef", "token": "shr_0000000000000000000000000000beef"}
    whole.control("PUT", "/state", json={**SMALL, "next_ids": {"track_share": [link]}})
    shares = [whole.call("POST", SMALL_SHARE, "my-key").json() for _ in range(2)]

    assert link == {name: shares[0][name] for name in link}
    assert link["id"] != shares[1]["id"]


def test_a_deterministic_sandbox_loads_the_deterministic_variant(whole: Whole) -> None:
    """What a fixture changes for deterministic sandboxes applies where one loads it, and only there."""
    world = {**SMALL, "deterministic": {"without_share_links": ["mslink_000000000001"]}}
    names = [whole.create(deterministic=deterministic) for deterministic in (True, False)]
    for name in names:
        assert 204 == whole.control("PUT", "/state", name, json=world).status_code

    assert [404, 200] == [whole.call("GET", SMALL_LINK, sandbox=name).status_code for name in names]


def test_a_deterministic_sandbox_goes_on_after_its_export_is_loaded(whole: Whole) -> None:
    """Ids that the world has already are not handed out again."""
    name = whole.create(deterministic=True)
    first = [whole.call("POST", SHARE_TRACK, OWNER, name).json()["id"] for _ in range(3)]
    whole.control("PUT", "/state", name, json=whole.control("GET", "/state", name).json())
    then = [whole.call("POST", SHARE_TRACK, OWNER, name).json()["id"] for _ in range(3)]

    assert 6 == len({*first, *then})


def test_an_export_has_the_ids_that_are_still_to_be_handed_out(whole: Whole) -> None:
    """An exported world that is loaded again goes on with the documented ids, and leaves out those that are spent."""
    name = whole.create(seed="docs", deterministic=True)
    whole.call("POST", SHARE_TRACK, OWNER, name)
    state = whole.control("GET", "/state", name).json()
    assert 204 == whole.control("PUT", "/state", name, json=state).status_code

    assert [0, 1, 1] == [len(state["next_ids"][kind]) for kind in ("track_share", "collection_share", "library_edge")]
    assert state == whole.control("GET", "/state", name).json()
    share = whole.call("POST", SHARE_COLLECTION, OWNER, name).json()
    assert state["next_ids"]["collection_share"] == [{"id": share["id"], "token": share["token"]}]
    assert COLLECTION_LINK.endswith(share["token"])
    edge = whole.call("POST", f"{RESOLVE}/save", RECIPIENT, name).json()["id"]
    assert state["next_ids"]["library_edge"] == [edge]
    assert "next_ids" not in whole.control("GET", "/state", name).json()


@pytest.mark.parametrize(
    ("world", "said"),
    [
        ({"bands": []}, "body: the fixture has an unknown field here; known are "),
        ({**SMALL, "users": []}, "tracks[0].owner: is not among the ids in users; "),
        ({"organizations": [{"id": 7}]}, "organizations[0].id: must be a string"),
    ],
)
def test_a_wrong_world_is_refused_whole(whole: Whole, world: Json, said: str) -> None:
    """A fixture that is wrong is a 422 that names the place, and the world stays as it was."""
    before = whole.control("GET", "/state").json()
    status, code, message = refusal_of(whole.control("PUT", "/state", json=world))

    assert (422, "VALIDATION_ERROR") == (status, code)
    assert message.startswith(said)
    assert before == whole.control("GET", "/state").json()


def test_a_refused_world_tells_no_secret(whole: Whole) -> None:
    """A key that is given twice is refused without being repeated."""
    users = [{"id": f"user_{number}", "api_keys": ["a-secret-key"]} for number in range(2)]
    response = whole.control("PUT", "/state", json={"users": users})

    assert 422 == response.status_code
    assert "a-secret-key" not in response.text
