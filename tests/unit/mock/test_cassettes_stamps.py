"""Stamps say when a cassette was recorded, and by which contract."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock import contract
from aitronos_mock.cassettes import STAMPS, StampsError, operations, stamps
from aitronos_mock.cassettes.stamps import Stamp, contract_digest, digest, read_stamps, restamp, write_stamps

DAY = date(2026, 6, 28)
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two cassettes; what is in them counts for nothing here."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(name, "utf-8")
    return tmp_path


def test_what_is_written_is_read(folder: Path) -> None:
    """Stamps come back as they were, and the file is the same whatever their order."""
    one, other = Stamp("2026-06-28", "c", "a"), Stamp("2026-06-29", "c", "b")
    write_stamps(folder, {"b.yaml": other, "a.yaml": one})
    first = (folder / STAMPS).read_bytes()
    write_stamps(folder, {"a.yaml": one, "b.yaml": other})
    assert first == (folder / STAMPS).read_bytes()
    assert read_stamps(folder) == {"a.yaml": one, "b.yaml": other}


def test_no_stamps_are_no_failure(folder: Path) -> None:
    """A folder that was never stamped has none."""
    assert read_stamps(folder) == {}


def test_only_what_was_recorded_is_stamped_anew(folder: Path) -> None:
    """Others keep their stamps, and what is there no more loses its own."""
    old = Stamp("2020-01-01", "c", "x")
    write_stamps(folder, {"a.yaml": old, "b.yaml": old, "gone.yaml": old})
    restamp(folder, ["a.yaml"], ["a.yaml", "b.yaml", "new.yaml"], DAY)
    fresh = Stamp("2026-06-28", contract_digest(), digest(folder / "a.yaml"))
    assert read_stamps(folder) == {"a.yaml": fresh, "b.yaml": old}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"cassettes": []}',
        '{"cassettes": {"a": 1}}',
        '{"cassettes": {"a": {"recorded_on": "2026-06-28"}}}',
        '{"cassettes": {"a": {"recorded_on": "soon", "contract_sha256": "", "cassette_sha256": ""}}}',
        '{"cassettes": {"a": {"recorded_on": 7, "contract_sha256": "", "cassette_sha256": ""}}}',
        "[" * 100_000,
    ],
)
def test_stamps_of_another_form_are_refused(text: str, folder: Path) -> None:
    """A file that is none of ours is never taken for no stamps at all."""
    (folder / STAMPS).write_text(text, "utf-8")
    with pytest.raises(StampsError, match="remove it and stamp again"):
        read_stamps(folder)


def test_stamps_that_cannot_be_read_are_refused(folder: Path) -> None:
    """So is a folder of that name."""
    (folder / STAMPS).mkdir()
    with pytest.raises(StampsError):
        read_stamps(folder)


def test_age_counts_in_days() -> None:
    """From the day of the recording, which is 0."""
    stamp = Stamp("2026-06-28", "", "")
    assert [stamp.age_days(date(2026, 6, 28)), stamp.age_days(date(2026, 7, 28))] == [0, 30]


def test_line_endings_are_no_change(tmp_path: Path) -> None:
    """A checkout with other line endings has the same digest, another text has not."""
    for name, text in (("unix", b"a\nb\n"), ("dos", b"a\r\nb\r\n"), ("other", b"a\nc\n")):
        (tmp_path / name).write_bytes(text)
    assert digest(tmp_path / "unix") == digest(tmp_path / "dos") != digest(tmp_path / "other")


def digest_after(change: Change, monkeypatch: pytest.MonkeyPatch) -> str:
    """The digest of the contract with a change."""
    document = copy.deepcopy(contract.load())
    change(document)
    monkeypatch.setattr(operations, "document", lambda: document)
    return stamps.contract_digest.__wrapped__()


PROSE: list[Change] = [
    lambda document: document["info"].update(description="Other words."),
    lambda document: document["paths"]["/v1/music/shared/{token}"]["get"].update(summary="Other words."),
    lambda document: document["components"]["schemas"]["Visibility"].pop("description"),
    lambda document: document.update({"x-decided": "Other words."}),
]
ANSWERS: list[Change] = [
    lambda document: document["components"]["schemas"]["ShareLink"]["required"].remove("token"),
    lambda document: document["components"]["schemas"]["CollectionView"]["properties"].pop("description"),
    lambda document: document["components"]["examples"]["SharedCollection"]["value"]["collection"].update(
        description="Another."
    ),
    lambda document: document["components"]["headers"]["RetryAfter"].update(example=2),
    lambda document: document["paths"].pop("/v1/music/shared/{token}/save"),
]


@pytest.mark.parametrize("change", PROSE)
def test_prose_is_no_change_of_the_contract(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other words for the same answers leave recordings right."""
    assert contract_digest() == digest_after(change, monkeypatch)


@pytest.mark.parametrize("change", ANSWERS)
def test_an_answer_is_a_change_of_the_contract(change: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another schema, example, header or operation does not, and neither does a property of the name of prose."""
    assert contract_digest() != digest_after(change, monkeypatch)
