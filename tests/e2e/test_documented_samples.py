"""Every sample of the documentation runs against the mock, its host replaced and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from .commands import run_sample
from .contract import operations
from .documented import ABSENT, FOLDER, Page, originals, pages
from .likeness import assert_like

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)

OPERATIONS = {
    "share-a-track": "shareTrack",
    "share-a-collection": "shareCollection",
    "open-a-shared-link": "resolveShare",
    "plain-text": "resolveShare",
    "save-a-shared-track": "saveSharedTrack",
}
"""What each page documents."""

SAMPLES = [
    pytest.param(page, language, id=f"{page.name}-{language}") for page in pages() for language in page.samples
] or [pytest.param(None, "", id="all")]

EXAMPLES = [
    pytest.param(page, status, body, id=f"{page.name}-{status}") for page in pages() for status, body in page.examples
] or [pytest.param(None, "", None, id="all")]


def test_every_page_is_found_with_its_four_languages() -> None:
    """Four pages have four samples each, and the plain text has one: none may get lost in the reading."""
    every = {"curl", "sdk", "requests", "javascript"}
    expected = dict.fromkeys(OPERATIONS, every) | {"plain-text": {"curl"}}
    assert expected == {page.name: set(page.samples) for page in pages()}


def test_every_answer_is_found() -> None:
    """The pages show these answers: none may get lost in the reading."""
    expected = {
        "share-a-track": ["201", "401", "404"],
        "share-a-collection": ["201", "401", "404"],
        "open-a-shared-link": ["200", "404", "429"],
        "plain-text": ["200"],
        "save-a-shared-track": ["201", "401", "404"],
    }
    assert expected == {page.name: [status for status, _ in page.examples] for page in pages()}


@pytest.mark.parametrize(("page", "language"), SAMPLES)
def test_a_documented_sample_does_what_its_page_says(page: Page, language: str, mock_url: str) -> None:
    """A sample succeeds, and prints what it would print at the documented server."""
    printed = run_sample(language, page.samples[language], mock_url)
    if language == "curl":
        assert_like(page.examples[0][1], json.loads(printed))
    else:
        PRINTS[OPERATIONS[page.name], language](printed.strip(), mock_url)


@pytest.mark.parametrize(("page", "language"), SAMPLES)
def test_a_documented_sample_stands_on_its_page_letter_by_letter(page: Page, language: str) -> None:
    """What is run is what the page says: reading it dropped nothing and added nothing."""
    written = page.samples[language]
    assert any(written.strip() in text for text in originals())


@pytest.mark.parametrize(("page", "status", "body"), EXAMPLES)
def test_a_documented_answer_stands_unchanged_in_the_contract(page: Page, status: str, body: Any) -> None:
    """Each JSON example of a page is an example of its operation and status."""
    assert body in operations()[OPERATIONS[page.name]].examples(status)


Check = Callable[[str, str], None]


def prints(expected: str) -> Check:
    """What was printed is exactly this."""

    def check(printed: str, _: str) -> None:
        assert expected == printed

    return check


def opens(kind: str) -> Check:
    """What was printed is a share URL that leads to the mock, and opens there without a key."""

    def check(printed: str, mock_url: str) -> None:
        assert re.fullmatch(re.escape(mock_url) + "/v1/music/shared/shr_[0-9a-f]{32}", printed)
        answer = httpx.get(printed, trust_env=False)
        view = answer.json()
        assert (200, kind, True) == (answer.status_code, view["kind"], view["available"])

    return check


def plays(printed: str, mock_url: str) -> None:
    """What was printed is a URL of the documented track at the mock, and gives its audio without a key."""
    assert printed.startswith(f"{mock_url}/media/tracks/mtrack_b4d9e1c6a72f?")
    answer = httpx.get(printed, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"


PRINTS: dict[tuple[str, str], Check] = {
    ("shareTrack", "sdk"): opens("track"),
    ("shareTrack", "requests"): opens("track"),
    ("shareTrack", "javascript"): opens("track"),
    ("shareCollection", "sdk"): opens("collection"),
    ("shareCollection", "requests"): opens("collection"),
    ("shareCollection", "javascript"): opens("collection"),
    ("resolveShare", "sdk"): plays,
    ("resolveShare", "requests"): prints("track True"),
    ("resolveShare", "javascript"): prints("track true"),
    ("saveSharedTrack", "sdk"): prints("mtrack_b4d9e1c6a72f"),
    ("saveSharedTrack", "requests"): prints("mtrack_b4d9e1c6a72f"),
    ("saveSharedTrack", "javascript"): prints("mtrack_b4d9e1c6a72f"),
}
