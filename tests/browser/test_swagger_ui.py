"""The documentation that the mock serves, and its "Try it out", which stands open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from .worlds import TRACK_TOKEN, World


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The URLs of all that the page asks for."""
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    return urls


def elsewhere(urls: list[str], world: World) -> list[str]:
    """Those of the URLs that lead away from the mock."""
    return [url for url in urls if not url.startswith((f"{world.origin}/", "data:", "blob:"))]


def executed(operation: Locator) -> Locator:
    """What Swagger UI shows once an operation, whose parameters are filled in, was executed."""
    operation.get_by_role("button", name="Execute").click()
    return operation.locator(".live-responses-table")


def opened(page: Page, operation_id: str) -> Locator:
    """The part of the documentation that is about an operation, unfolded."""
    operation = page.locator(f"#operations-music-{operation_id}")
    operation.locator(".opblock-summary").click()
    return operation


def test_a_link_is_opened_from_the_documentation(page: Page, world: World, asked: list[str]) -> None:
    """The sandbox whose documentation it is gets the request and its answer is shown; nobody else is asked anything."""
    page.goto(f"{world.base_url}/docs")
    operation = opened(page, "resolveShare")
    operation.get_by_placeholder("token").fill(TRACK_TOKEN)

    answer = executed(operation)

    expect(answer.locator(".response-col_status").last).to_contain_text("200")
    expect(answer).to_contain_text("Late Night Study")
    assert world.url(f"/shared/{TRACK_TOKEN}") in asked
    assert [] == elsewhere(asked, world)
    assert [200] == [each["status"] for each in world.requests(operation="resolveShare")]


def test_a_track_is_shared_from_the_documentation(page: Page, world: World, asked: list[str]) -> None:
    """The key that is entered under "Authorize" is sent along."""
    page.goto(f"{world.base_url}/docs")
    page.get_by_role("button", name="Authorize").first.click()
    dialogue = page.locator(".modal-ux")
    dialogue.locator("input").first.fill("your-api-key")
    dialogue.get_by_role("button", name="Authorize").first.click()
    dialogue.get_by_role("button", name="Close").first.click()
    operation = opened(page, "shareTrack")
    operation.get_by_placeholder("organization_id").fill("org_abc123")
    operation.get_by_placeholder("track_id").fill("mtrack_b4d9e1c6a72f")

    answer = executed(operation)

    expect(answer.locator(".response-col_status").last).to_contain_text("201")
    expect(answer).to_contain_text(f"{world.base_url}/v1/music/shared/shr_")
    assert [] == elsewhere(asked, world)
