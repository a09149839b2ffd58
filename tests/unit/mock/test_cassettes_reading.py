"""Cassettes of any age and form are read, and nothing in one can do harm."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from aitronos_mock.cassettes.reading import CassetteError, Interaction, parse_cassette, read_cassette

from .tapes import TOKEN, cassette, share, write


def only(document: Any) -> Interaction:
    """The one interaction in a document."""
    [interaction] = parse_cassette(yaml.safe_dump(document)).interactions
    return interaction


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.json"])
def test_both_serializers_are_read(name: str, tmp_path: Path) -> None:
    """YAML and JSON hold the same interactions."""
    [interaction] = read_cassette(write(tmp_path / name, cassette())).interactions
    assert (interaction.method, interaction.status) == ("POST", 201)
    assert interaction.path == "/sandboxes/mine/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
    assert interaction.headers == {"content-type": "application/json"}
    assert json.loads(interaction.request_body) == {"visibility": "public"}
    assert json.loads(interaction.body)["id"] == "mslink_3a7f2c9e8b14"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, b""),
        ("text", b"text"),
        (b"\xff\x00", b"\xff\x00"),
        ({"string": "text"}, b"text"),
        ({"string": b"\xff"}, b"\xff"),
        ({"base64_string": base64.b64encode(b"\xfftext").decode() + "\n"}, b"\xfftext"),
    ],
)
def test_a_body_is_read_in_every_form(body: Any, expected: bytes) -> None:
    """Text, bytes, wrapped or not, and Base64 are what recorders write."""
    assert only(cassette(request={"body": body}, response={"body": body})).request_body == expected
    assert only(cassette(request={"body": body}, response={"body": body})).body == expected


def test_an_answer_of_older_recorders_is_read() -> None:
    """Answers to httpx had their status and body under other names once."""
    old = {"status_code": 200, "content": "text", "headers": {"A": "1"}, "http_version": "HTTP/1.1"}
    interaction = only({"interactions": [share() | {"response": old}]})
    assert (interaction.status, interaction.body, interaction.headers) == (200, b"text", {"a": "1"})


def test_headers_are_read_in_every_form() -> None:
    """A list, a text, bytes, and no headers at all."""
    headers = {"X-A": ["1", b"2"], "x-b": "3", "x-c": 4}
    assert only(cassette(request={"headers": headers})).request_headers == {"x-a": "1, 2", "x-b": "3", "x-c": "4"}
    assert only(cassette(request={"headers": None})).request_headers == {}


def test_no_header_hides_another_one() -> None:
    """Names that differ in case are one header with the values of both."""
    headers = {"X-API-Key": ["real"], "x-api-key": "fake"}
    assert only(cassette(request={"headers": headers})).request_headers == {"x-api-key": "real, fake"}


def test_a_name_may_come_again_elsewhere() -> None:
    """In another mapping, in place of one that is merged in, and as another kind of value."""
    text = "base: &base {a: 1}\nother: {<<: *base, a: 2}\nboth: {1: a, '1': b}\n"
    document = parse_cassette(text + GOOD).document
    assert (document["other"], document["both"]) == ({"a": 2}, {1: "a", "1": "b"})


def test_binaries_are_left_out_of_the_text() -> None:
    """Base64 by a tag is no text of the file; a comment is."""
    text = yaml.safe_dump(cassette(response={"body": {"string": bytes(range(256))}})) + "# a comment\n"
    assert "AAECAwQF" in text
    assert "AAECAwQF" not in parse_cassette(text).text
    assert "# a comment" in parse_cassette(text).text


GOOD = yaml.safe_dump(cassette())
BAD = {
    "unsafe tag": (f"a: !!python/object/apply:os.system ['touch {TOKEN}']\n", ".yaml", "a tag that is no plain data"),
    "unknown tag": (f"a: !{TOKEN} 1\n", ".yaml", "a tag that is no plain data at line 1"),
    "broken YAML": (f"a: [{TOKEN}\nb: ]]", ".yaml", "is no YAML at line 2"),
    "undefined alias": (f"a: *{TOKEN}\n", ".yaml", "is no YAML"),
    "control character": (f"a: \x00 {TOKEN}\n", ".yaml", "a value that cannot be read"),
    "impossible date": (f"{TOKEN}: 2026-99-99\n", ".yaml", "a value that cannot be read"),
    "broken JSON": ('{"a":\n', ".json", "is no JSON at line 2"),
    "JSON in YAML's place": (GOOD, ".json", "is no JSON at line 1"),
    "bottomless YAML": ("[" * 5000, ".yaml", "is n"),
    "bottomless JSON": ("[" * 100_000, ".json", "is nested too deeply"),
    "a name twice": (f"{TOKEN}: 1\nb: {{c: 1}}\n{TOKEN}: 2\n", ".yaml", "the same name twice in a mapping at line 3"),
    "a quoted name twice": ("a: {b: 1, 'b': 2}\n", ".yaml", "the same name twice in a mapping at line 1"),
    "a name twice in JSON": (f'{{"a": {{"{TOKEN}": 1, "{TOKEN}": 2}}}}', ".json", "the same name twice in a mapping"),
    "a mapping as a name": ("? {a: 1}\n: 2\n", ".yaml", "a tag that is no plain data"),
    "empty": ("", ".yaml", "holds no interactions"),
    "a list": (f"- {TOKEN}\n", ".yaml", "holds no interactions"),
    "no interaction": ("interactions: []\n", ".yaml", "holds no interactions"),
    "interactions of another kind": ("interactions: 7\n", ".yaml", "holds no interactions"),
    "no request": (f"interactions: [{TOKEN}]\n", ".yaml", "no method, URI and response in interaction 0"),
    "no status": (yaml.safe_dump(cassette(response={"status": None})), ".yaml", "no status in interaction 0"),
    "no URI": (yaml.safe_dump(cassette(request={"uri": "http://[/"})), ".yaml", "a URI that is none in interaction 0"),
    "headers": (yaml.safe_dump(cassette(request={"headers": [1]})), ".yaml", "headers of an unknown form in"),
    "body": (yaml.safe_dump(cassette(request={"body": [1]})), ".yaml", "a body of an unknown form in interaction 0"),
    "Base64": (
        yaml.safe_dump(cassette(response={"body": {"base64_string": "%"}})),
        ".yaml",
        "a body that is no Base64 in interaction 0",
    ),
}


@pytest.mark.parametrize(("text", "suffix", "reason"), BAD.values(), ids=BAD)
def test_what_is_no_cassette_is_refused(text: str, suffix: str, reason: str) -> None:
    """The refusal says what is wrong in one line, and repeats nothing of the file."""
    with pytest.raises(CassetteError) as caught:
        parse_cassette(text, suffix)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_tag_runs_nothing(tmp_path: Path) -> None:
    """The command in an unsafe tag is not run."""
    victim = tmp_path / "victim"
    with pytest.raises(CassetteError):
        parse_cassette(f"a: !!python/object/apply:os.mkdir ['{victim}']\n")
    assert not victim.exists()


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A folder in a file's place, and bytes that are no text."""
    with pytest.raises(CassetteError, match="cannot be read"):
        read_cassette(tmp_path)
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CassetteError, match="no text in UTF-8"):
        read_cassette(tmp_path / "a.yaml")
