"""Samples of our own, which walk all four operations in each language, wherever the documentation's are not at hand."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from .commands import run_sample
from .contract import Json, operations
from .likeness import assert_like

FOLDER = Path(__file__).parent / "samples"
LANGUAGES = {"walk.sh": "curl", "walk_sdk.py": "sdk", "walk_requests.py": "requests", "walk.mjs": "javascript"}


def documented(operation: str) -> Json:
    """The first example of an operation's success, which is the documented one."""
    example: Json = operations()[operation].examples(operations()[operation].success)[0]
    return example


@pytest.mark.parametrize("file", LANGUAGES)
def test_a_sample_of_ours_walks_all_four_operations(file: str, mock_url: str) -> None:
    """Each answer that a sample prints is like the documented one, but for what the sample asks otherwise."""
    printed = run_sample(LANGUAGES[file], (FOLDER / file).read_text("utf-8"), mock_url)
    track_link, collection_link, opened, saved = map(json.loads, printed.splitlines())
    week = {"created_at": "2026-06-28T10:30:00Z", "expires_at": "2026-07-05T10:30:00Z"}
    assert_like(documented("shareTrack") | week, track_link)
    assert_like(documented("shareCollection") | {"visibility": "link_only"}, collection_link)
    assert_like(documented("resolveShare"), opened)
    assert_like(documented("saveSharedTrack") | {"share_link_id": saved["share_link_id"]}, saved)


@pytest.mark.parametrize("file", LANGUAGES)
def test_a_sample_of_ours_fails_where_the_mock_refuses(file: str, mock_url: str) -> None:
    """A sample cannot succeed without being answered well: a key that nobody holds ends it."""
    source = (FOLDER / file).read_text("utf-8").replace("mtrack_b4d9e1c6a72f/share", "mtrack_000000000000/share")
    with pytest.raises(AssertionError, match="exit code"):
        run_sample(LANGUAGES[file], source, mock_url)


def test_every_sample_is_run() -> None:
    """No file lies in the folder that no language runs."""
    assert LANGUAGES.keys() == {file.name for file in FOLDER.iterdir()}


def test_what_is_shared_opens(mock_url: str) -> None:
    """The URL that a sample prints leads to the mock, and opens there without a key."""
    printed = run_sample("sdk", (FOLDER / "walk_sdk.py").read_text("utf-8"), mock_url)
    for link, kind in zip(map(json.loads, printed.splitlines()), ("track", "collection"), strict=False):
        assert link["url"].startswith(mock_url)
        assert kind == httpx.get(link["url"], trust_env=False).json()["kind"]
