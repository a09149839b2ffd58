"""The tables of what the mock starts with say what it does start with."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
import yaml

from .documented import ROOT
from .serving import running_mock

README = (ROOT / "README.md").read_text("utf-8")
SEED: dict[str, Any] = yaml.safe_load(
    (ROOT / "mock_server" / "aitronos_mock" / "fixtures" / "seeds" / "docs.yaml").read_text("utf-8")
)
MUSIC = "/v1/music"


def rows(first: str) -> list[tuple[str, ...]]:
    """The cells of each row of the README whose first cell is a code of this form."""
    lines = (line for line in README.splitlines() if re.match(rf"\| `{first}` \|", line))
    return [tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in lines]


LINKS, KEYS = rows("shr_[0-9a-f]{32}"), rows("[a-z-]+-api-key")


def opened(mock_url: str, token: str) -> httpx.Response:
    """What opening a link answers."""
    return httpx.get(f"{mock_url}{MUSIC}/shared/{token}", trust_env=False)


def test_every_link_is_listed() -> None:
    """The table has the tokens and the ids of the seed's links, and no others."""
    assert {(link["token"], link["id"]) for link in SEED["share_links"]} == {(token, link) for token, link, _ in LINKS}


def test_every_key_is_listed() -> None:
    """The table has the keys of the seed's users, and no others."""
    assert {key for user in SEED["users"] for key in user.get("api_keys", [])} == {key for key, *_ in KEYS}


def test_all_content_is_listed() -> None:
    """The tables name every track and every collection of the seed, and no others."""
    ids = {each["id"] for each in SEED["tracks"] + SEED["collections"]}
    tables = "\n".join(line for line in README.splitlines() if line.startswith("|"))
    assert ids == set(re.findall(r"(?:mtrack|mcoll)_[0-9a-f]{12}", tables))


@pytest.mark.parametrize(("token", "opens_as"), [pytest.param(token, last, id=token) for token, _, last in LINKS])
def test_a_link_opens_as_it_is_listed(token: str, opens_as: str, mock_url: str) -> None:
    """A link that is listed as gone is a 404, one of removed content is unavailable, and each other one opens."""
    answer = opened(mock_url, token)
    if opens_as.startswith("404"):
        assert answer.status_code == 404
    else:
        assert answer.status_code == 200
        view = answer.json()
        assert ("available: false" not in opens_as) is view["available"]
        assert view["kind"] in opens_as


def test_a_link_with_a_limit_opens_as_often_as_it_is_listed() -> None:
    """A link that opens three times is gone at the fourth."""
    [token] = [token for token, _, opens_as in LINKS if "three times; then 404" in opens_as]
    with running_mock("--seed", "docs") as mock_url:
        assert [opened(mock_url, token).status_code for _ in range(4)] == [200, 200, 200, 404]


OWN = [(key, name) for key, _, may in KEYS for name in re.findall(r"m(?:track|coll)_[0-9a-f]{12}", may)]


@pytest.mark.parametrize(("key", "target"), [*OWN, ("your-api-key", "mtrack_b4d9e1c6a72f")])
def test_a_key_alone_shares_what_it_is_listed_with(key: str, target: str, mock_url: str) -> None:
    """The content that the row of a key names is shared by that key, and by no other."""
    assert [key] == [other for other, *_ in KEYS if shared(mock_url, other, target).status_code == 201]


@pytest.mark.parametrize("key", [key for key, *_ in KEYS])
def test_every_key_saves(key: str, mock_url: str) -> None:
    """Each key of the table is known, and saves a shared track."""
    url = f"{mock_url}{MUSIC}/shared/{LINKS[0][0]}/save"
    assert httpx.post(url, headers={"X-API-Key": key}, trust_env=False).status_code == 201


def shared(mock_url: str, key: str, target: str) -> httpx.Response:
    """What sharing some content of the seed answers."""
    kind = "tracks" if target.startswith("mtrack_") else "collections"
    [organization] = [each["organization"] for each in SEED[kind] if each["id"] == target]
    url = f"{mock_url}{MUSIC}/{organization}/{kind}/{target}/share"
    return httpx.post(url, headers={"X-API-Key": key}, trust_env=False)
