"""Pages of strangers at the control plane."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from .worlds import World

FROZEN = "2026-06-28T10:30:00Z"
JSON = {"Content-Type": "application/json"}

FETCH = "async ([url, options]) => (await fetch(url, options)).status"


@pytest.fixture
def frozen(world: World) -> World:
    """A sandbox whose clock stands still, which a reset would end."""
    world.control("PUT", "/clock", {"now": FROZEN})
    return world


def is_frozen(world: World) -> bool:
    """Whether nobody reset the sandbox."""
    return bool(world.control("GET", "/clock").json() == {"now": FROZEN, "mode": "frozen"})


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/reset", {"method": "POST"}),
        ("/reset", {"method": "POST", "headers": JSON, "body": "{}"}),
        ("/clock", {"method": "PUT", "headers": JSON, "body": '{"real": true}'}),
        ("/clock", {}),
    ],
)
def test_a_strangers_script_gets_nothing(
    page: Page, foreign_site: str, frozen: World, path: str, options: dict[str, Any]
) -> None:
    """Its request changes nothing, and the browser shows it no answer."""
    page.goto(foreign_site)

    with pytest.raises(Error, match="Failed to fetch"):
        page.evaluate(FETCH, [f"{frozen.base_url}/_mock{path}", options])

    assert is_frozen(frozen)


def test_a_strangers_script_cannot_write_blindly(page: Page, foreign_site: str, frozen: World) -> None:
    """A request that no preflight goes before, and whose answer nobody wants to read, changes nothing either."""
    page.goto(foreign_site)
    reset = f"{frozen.base_url}/_mock/reset"

    with page.expect_response(reset) as answered:
        page.evaluate(FETCH, [reset, {"method": "POST", "mode": "no-cors"}])

    assert 403 == answered.value.status
    assert is_frozen(frozen)


def test_a_strangers_form_is_refused(page: Page, foreign_site: str, frozen: World) -> None:
    """A form that the visitor was made to send is answered with the refusal, in the envelope."""
    page.goto(foreign_site)
    page.set_content(f"<form method=post action='{frozen.base_url}/_mock/reset'><button>Win!</button></form>")

    page.get_by_role("button").click()

    expect(page.locator("body")).to_contain_text('"success":false')
    assert is_frozen(frozen)


def test_a_page_of_this_machine_may_use_the_control_plane(page: Page, site: str, frozen: World) -> None:
    """A developer's own page makes its own world."""
    page.goto(site)

    status = page.evaluate(FETCH, [f"{frozen.base_url}/_mock/reset", {"method": "POST"}])

    assert 204 == status
    assert not is_frozen(frozen)
