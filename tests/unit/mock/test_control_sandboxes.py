"""Sandboxes, as the control plane makes and deletes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .whole import (
    LINK,
    OWNER,
    RESOLVE,
    SHARE_TRACK,
    SMALL,
    SMALL_LINK,
    TOKEN,
    Json,
    Whole,
    refusal_of,
)


def test_a_sandbox_that_is_not_there_cannot_be_deleted(whole: Whole) -> None:
    """Deleting an unknown sandbox is the 404 of every call to it."""
    response = whole.control("DELETE", "/sandboxes/checkout")

    assert (404, "SANDBOX_NOT_FOUND") == refusal_of(response)[:2]
    assert {"name": "checkout"} == response.json()["error"]["details"]


@pytest.mark.parametrize(
    ("plan", "mode", "opens"),
    [
        ({}, "real", 200),
        ({"seed": "docs"}, "real", 200),
        ({"seed": "empty"}, "real", 404),
        ({"clock": "2026-07-28T10:30:00Z"}, "frozen", 200),
        ({"deterministic": True}, "real", 404),
        ({"fixture": SMALL}, "real", 404),
    ],
)
def test_a_sandbox_begins_as_it_was_asked_for(whole: Whole, plan: Json, mode: str, opens: int) -> None:
    """Seed, fixture, clock and determinism are each the default sandbox's unless they are given."""
    name = whole.create(**plan)

    assert mode == whole.control("GET", "/clock", name).json()["mode"]
    assert opens == whole.call("GET", RESOLVE, sandbox=name).status_code


def test_a_sandbox_takes_after_the_default_one(make_whole: Callable[..., Whole], start: int) -> None:
    """Where the default sandbox is frozen and deterministic, so is one that does not say otherwise."""
    whole = make_whole(frozen_at=start, deterministic=True)
    like, unlike = whole.create(), whole.create(deterministic=False)

    assert "frozen" == whole.control("GET", "/clock", like).json()["mode"]
    assert [TOKEN, False] == [
        whole.call("POST", SHARE_TRACK, OWNER, like).json()["token"],
        whole.call("POST", SHARE_TRACK, OWNER, unlike).json()["token"] == TOKEN,
    ]


def test_a_sandbox_with_a_fixture_begins_with_it_again(whole: Whole) -> None:
    """A reset builds the given fixture anew, its relative moments counting from then."""
    name = whole.create(fixture=SMALL)
    assert 200 == whole.call("GET", SMALL_LINK, sandbox=name).status_code
    whole.control("POST", "/links/mslink_000000000001/revoke", name)
    whole.control("POST", "/reset", name)

    assert 200 == whole.call("GET", SMALL_LINK, sandbox=name).status_code


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"seed": "docs", "fixture": SMALL}, "fixture: give either a seed or a fixture"),
        ({"seed": "world.yaml"}, "seed: must be one of docs, empty"),
        ({"clock": "noon"}, "clock: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"),
        (
            {"clock": "2026-02-31T00:00:00Z"},
            "clock: must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z",
        ),
        ({"deterministic": "yes"}, "deterministic: must be a boolean"),
        ({"fixture": []}, "fixture: must be an object"),
        ({"colour": "red"}, "colour: unknown field; known are name, seed, fixture, clock, deterministic"),
    ],
)
def test_a_wrong_plan_for_a_sandbox_is_refused(whole: Whole, plan: Json, said: str) -> None:
    """What is no plan is a 422 that says what would be one, and nothing is made."""
    assert (422, "VALIDATION_ERROR", said) == refusal_of(whole.control("POST", "/sandboxes", json=plan))
    assert [] == whole.items("/sandboxes")


@pytest.mark.parametrize("name", ["", "-a", "A", "a_b", "a/b", "a\n", "ä", "a" * 64, "a b", "."])
def test_a_name_that_cannot_stand_in_a_path_is_refused(whole: Whole, name: str) -> None:
    """Names are lower-case letters, digits and hyphens."""
    response = whole.control("POST", "/sandboxes", json={"name": name})

    said = "name: must be 1 to 63 lower-case letters, digits and hyphens, the first no hyphen"
    assert (422, "VALIDATION_ERROR", said) == refusal_of(response)


@pytest.mark.parametrize("name", ["a", "0", "a-", "a" * 63, "suite-7-of-9"])
def test_every_other_name_works(whole: Whole, name: str) -> None:
    """A name is what stands in the base_url, so it leads to the sandbox as it is."""
    assert name == whole.create(name=name)
    assert 200 == whole.call("GET", RESOLVE, sandbox=name).status_code


def test_a_name_is_given_once(whole: Whole) -> None:
    """A second sandbox of a name is refused with what to do, and the first goes on."""
    whole.create(name="checkout")
    whole.control("POST", f"/links/{LINK}/revoke", "checkout")
    refused = whole.control("POST", "/sandboxes", json={"name": "checkout"})

    advice = "Choose another name, or throw it away with DELETE /_mock/sandboxes/checkout"
    assert (409, "SANDBOX_EXISTS", advice) == refusal_of(refused)
    assert 404 == whole.call("GET", RESOLVE, sandbox="checkout").status_code
