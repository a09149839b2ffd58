"""What is known of a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock.fixtures import read_data
from aitronos_mock.verify.given import DOCS, MEANINGS, NAMES, Given, NotGivable, ids, is_secret, merged, read, variable

ROOT = Path(__file__).parents[3]
SEED = ROOT / "mock_server" / "aitronos_mock" / "fixtures" / "seeds" / "docs.yaml"


def test_later_sources_count() -> None:
    """Of two values the later one counts, and an empty one is none."""
    given = merged({"track": "a", "owner_key": "k"}, {"track": "b", "owner_key": ""}, {"track": None})
    assert ("b", "k", None) == (given.track, given.owner_key, given.collection)


def test_nothing_given_is_false() -> None:
    """Whoever knows nothing is told from whoever knows something."""
    assert not Given()
    assert Given(track="mtrack_0")


def test_no_secret_is_shown() -> None:
    """The repr has names alone, and secrets are the keys and tokens."""
    given = Given(owner_key="K-1", track="mtrack_0", revoked_token="T-1")
    assert "Given(owner_key, track, revoked_token)" == repr(given)
    assert ["K-1", "T-1"] == given.secrets()
    assert [is_secret("owner_key"), is_secret("revoked_token"), is_secret("track")] == [True, True, False]


def test_a_file_gives_texts_and_lists() -> None:
    """A list of ids may be written as one."""
    assert {"collection_tracks": "a,b", "track": "t"} == read({"collection_tracks": ["a", "b"], "track": "t"})
    assert ["a", "b"] == ids("a, b")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ([], "--world must have names and values, such as owner_key: KEY"),
        ({"owner": "S3cret"}, f"--world has the unknown name 'owner'; known are {', '.join(NAMES)}"),
        ({"owner_key": 73}, "--world must give owner_key as text"),
        ({"owner_key": ""}, "--world must give owner_key as text"),
        ({"track": [73]}, "--world must give track as text"),
    ],
)
def test_a_file_that_gives_something_else_is_refused(data: Any, said: str) -> None:
    """The message says what is wrong, and repeats no value."""
    with pytest.raises(NotGivable) as refused:
        read(data)
    assert said == str(refused.value)


@pytest.mark.parametrize("value", ["a\nb", "schl\u00fcssel", " a", "a ", "\x7f"])
def test_what_no_request_can_carry_is_refused(value: str) -> None:
    """A value that would break a header is refused by its name, without being repeated."""
    with pytest.raises(NotGivable) as refused:
        merged({"owner_key": value})
    assert "owner_key has characters that no request can carry" == str(refused.value)


def test_the_docs_are_those_of_the_seed() -> None:
    """Everything that is known of the seed `docs` stands in it."""
    text = SEED.read_text("utf-8")
    known = [each for name in NAMES for each in (getattr(DOCS, name) or "").split(",") if each]
    assert read_data(SEED.read_bytes(), name="docs.yaml")
    assert [each for each in known if each not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_tells_what_can_be_given(name: str) -> None:
    """Each name stands in the README's table with its variable, its option if it has one, and its meaning."""
    option = "" if is_secret(name) else f" `--{name.replace('_', '-')}`"
    row = f"| `{name}` | `{variable(name)}` |{option} | {MEANINGS[name]} |"
    readme = (ROOT / "mock_server" / "README.md").read_text("utf-8")
    assert re.sub(" +", " ", row) in re.sub(" +", " ", readme)
