"""JSON of a server is decoded, or refused with ValueError."""

import json

import pytest

from aitronos._json import DEEPEST, decoded


@pytest.mark.parametrize("value", [{"a": [1, None, True, "x", {}]}, [], 7, [[]] * 200])
def test_decoded(value: object) -> None:
    """Whatever JSON there is, however long it is."""
    assert decoded(json.dumps(value).encode()) == value


@pytest.mark.parametrize(("head", "tail"), [("[", "]"), ('{"a":', "}")])
def test_depth(head: str, tail: str) -> None:
    """The deepest nesting that is taken, and one level more."""
    assert decoded(f"{head * DEEPEST}1{tail * DEEPEST}".encode())
    for deeper in (DEEPEST + 1, 700, 100_000):
        with pytest.raises(ValueError, match="too deep"):
            decoded(f"{head * deeper}1{tail * deeper}".encode())


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"<html>"])
def test_no_json(body: bytes) -> None:
    """What is no JSON is a ValueError too."""
    with pytest.raises(ValueError, match=r"."):
        decoded(body)
