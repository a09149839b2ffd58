"""Whatever stands in a cassette, the linter ends with a report."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aitronos_mock.cassettes.linting import Policy, lint

from .tapes import cassette, share

ANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = st.text() | st.sampled_from(["https://[", "shr_", "gzip", "application/json", "Bearer ", "%", "eyJ"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.binary()
VALUES = st.recursive(SCALARS, lambda each: st.lists(each, max_size=3) | st.dictionaries(TEXTS, each, max_size=3))
FIELDS = {
    "request": ("method", "uri", "headers", "body"),
    "response": ("status", "headers", "body", "content", "status_code"),
}
PLACES = st.sampled_from([(side, field) for side, fields in FIELDS.items() for field in fields])


def report(folder: Path, name: str, text: str | bytes) -> None:
    """Lint a folder with this file, in every respect."""
    (folder / name).write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    assert name in lint(folder, Policy(complete=True), date(2026, 6, 28)).cassettes


@ANY
@given(place=PLACES, value=VALUES)
def test_any_value_in_any_field(place: tuple[str, str], value: Any, tmp_path: Path) -> None:
    """A part of a good cassette is something else."""
    side, field = place
    report(tmp_path, "a.yaml", yaml.safe_dump(cassette(**{side: {field: value}}), allow_unicode=True))


@ANY
@given(body=VALUES.filter(lambda each: not isinstance(each, bytes)))
def test_any_json_as_a_body(body: Any, tmp_path: Path) -> None:
    """A body is any JSON, and the cassette is JSON itself."""
    text = json.dumps(body, default=repr)
    report(tmp_path, "a.json", json.dumps(cassette(request={"body": text}, response={"body": {"string": text}})))


@ANY
@given(text=st.text() | st.binary(), at=st.integers(0, 400), name=st.sampled_from(["a.yaml", "a.json"]))
def test_any_text_within_a_file(text: str | bytes, at: int, name: str, tmp_path: Path) -> None:
    """A file is cut in two by any text or bytes."""
    good = json.dumps({"interactions": [share()]}).encode()
    inserted = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    report(tmp_path, name, good[:at] + inserted + good[at:])
