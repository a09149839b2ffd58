"""Reading the text of fixtures: YAML and JSON."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aitronos_mock.fixtures import FixtureError, parse_fixture
from aitronos_mock.fixtures.documents import Data, Parser, read_document
from aitronos_mock.fixtures.json_parts import json_parts
from aitronos_mock.fixtures.yaml_parts import yaml_parts


def read_yaml(text: str) -> Data:
    """What a YAML text says."""
    return read_document(text, "w.yaml", yaml_parts).data


def read_json(text: str) -> Data:
    """What a JSON text says."""
    return read_document(text, "w.json", json_parts).data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("2026-06-28T10:30:00Z", "2026-06-28T10:30:00Z"),
        ("2026-01", "2026-01"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("|\n  1\n", "1\n"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("012", 12),
        ("-7", -7),
        ("1e3", 1000.0),
        ("+.5", 0.5),
        ("2.", 2.0),
        ("&anchor x", "x"),
    ],
)
def test_yaml_scalars(text: str, value: Data) -> None:
    """Plain scalars follow the core rules of YAML 1.2, and whatever is in quotes is a string."""
    data = read_yaml(f"a: {text}")

    assert data == {"a": value}
    assert isinstance(data, dict)
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize("read", [read_yaml, read_json])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\ud83d\ude00"', "\U0001f600"),
        (r'"\u00e9\n\"\\\/"', 'é\n"\\/'),
        (r'"\ud83d"', "\ud83d"),
        ('"{[,:]}"', "{[,:]}"),
        ("[[], {}, -1.5, true, false, null]", [[], {}, -1.5, True, False, None]),
    ],
)
def test_json_is_yaml(read: Callable[[str], Data], text: str, value: Data) -> None:
    """JSON reads the same under either name, escaped surrogate pairs included."""
    assert read(f'{{"a": {text}}}') == {"a": value}


def test_json_with_tabs() -> None:
    """JSON may be indented with tabs, which YAML forbids."""
    assert read_json('{\n\t"a": [\n\t\t1,\r\n\t\t2\n\t]\n}') == {"a": [1, 2]}


@pytest.mark.parametrize(
    ("parser", "text"),
    [
        (yaml_parts, "a:\n- b: 1\n  c: |\n    text\n- 2"),
        (json_parts, '{"a":\n[{"b": 1,\n"c": "text"\n},\n2]}'),
    ],
)
def test_lines(parser: Parser, text: str) -> None:
    """Each part has its line: a field that of its name, an entry of a list that of its beginning."""
    document = read_document(text, "w", parser)

    assert document.lines == {
        (): 1,
        ("a",): 1,
        ("a", 0): 2,
        ("a", 0, "b"): 2,
        ("a", 0, "c"): 3,
        ("a", 1): 5,
    }


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("", "1: the fixture must be a mapping of names to values", id="empty"),
        pytest.param("a: 1\n---\nb: 2", "3: a second document starts here; keep one in a file", id="two documents"),
        pytest.param("\na: 1\na: 2", "3: this field stands in line 2 already; keep one of the two", id="twin fields"),
        pytest.param("? [a]\n: 1", "1: the name of a field must be a string; correct it", id="name that is a list"),
        pytest.param("\n1: 1", "2: the name of a field must be a string; correct it", id="name that is a number"),
        pytest.param("a: &x 1\nb: *x", "2: an alias stands here; write out what it stands for", id="alias"),
        pytest.param("a: !!str 1", "1: a tag stands here; leave it out", id="tag of a scalar"),
        pytest.param("a:\n  !!set {}", "2: a tag stands here; leave it out", id="tag of a mapping"),
        pytest.param(
            "a: !key!x y",
            "1: this is no YAML (found undefined tag); correct it here or just before",
            id="tag without a meaning, which is not quoted",
        ),
        pytest.param(
            "a:\n\tb: 1",
            "2: this is no YAML (found character (a tab) that cannot start any token); correct it here or just before",
            id="tab",
        ),
        pytest.param(
            "a: [\n\n",
            "3: this is no YAML (expected the node content, but found '<stream end>'); correct it here or just before",
            id="open bracket",
        ),
        pytest.param("a: 1\nb: \x07", "2: a control character stands here; leave it out", id="control character"),
        pytest.param(
            'a:\n  "\\UFFFFFFFF"',
            "2: this is no YAML (a number is out of range); correct it here",
            id="escape beyond Unicode",
        ),
        pytest.param(
            f"%YAML {'9' * 5000}.1\n--- a",
            "1: this is no YAML (a number is out of range); correct it here",
            id="endless version",
        ),
        pytest.param(
            f"\na: {'9' * 5000}", "2: this number has too many digits; write a plain one", id="endless number"
        ),
        pytest.param(f"a:\n {'[' * 5000}", "2: nested more than 20 deep; a fixture is flatter", id="deep"),
    ],
)
def test_yaml_refusals(text: str, refusal: str) -> None:
    """What is no plain YAML is refused with its line, the reason and what to do."""
    with pytest.raises(FixtureError) as refused:
        parse_fixture(text, name="w.yaml", now=0)

    assert str(refused.value) == f"w.yaml:{refusal}"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        pytest.param("", "1: this is no JSON (Expecting value); correct it here", id="empty"),
        pytest.param('{"a": 1\n"b": 2}', "2: this is no JSON (Expecting ',' delimiter); correct it here", id="comma"),
        pytest.param('{"a": "\t"}', "1: this is no JSON (Invalid control character); correct it here", id="raw tab"),
        pytest.param("{}\n{}", "2: this is no JSON (Extra data); correct it here", id="two documents"),
        pytest.param('{"a":\nNaN}', "2: JSON has no such number; write a plain one", id="not a number"),
        pytest.param(f'{{"a":\n{"9" * 5000}}}', "2: JSON has no such number; write a plain one", id="endless number"),
        pytest.param(
            '{"a": 1,\n"a": 2}', "2: this field stands in line 1 already; keep one of the two", id="twin fields"
        ),
        pytest.param(f"{'[' * 30}{']' * 30}", "1: nested more than 20 deep; a fixture is flatter", id="deep"),
        pytest.param("[" * 200_000, "1: nested too deep; a fixture is flatter", id="too deep to read"),
    ],
)
def test_json_refusals(text: str, refusal: str) -> None:
    """What is no JSON is refused with its line, the reason and what to do."""
    with pytest.raises(FixtureError) as refused:
        parse_fixture(text, name="w.json", now=0)

    assert str(refused.value) == f"w.json:{refusal}"
