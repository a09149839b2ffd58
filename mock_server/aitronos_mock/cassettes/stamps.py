"""What a cassette cannot say itself: when it was recorded, and by which contract. A file beside the cassettes does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from . import STAMPS, StampsError, operations

_PROSE = frozenset({"description", "summary", "x-decided"})
_VERBATIM = frozenset({"example", "examples"})


@dataclass(frozen=True)
class Stamp:
    """What is known of one recording.

    Attributes:
        recorded_on: The day, UTC, as `2026-06-28`.
        contract_sha256: `contract_digest()` on that day.
        cassette_sha256: The digest of the file, so that another recording is not taken for this one.
    """

    recorded_on: str
    contract_sha256: str
    cassette_sha256: str

    def age_days(self, today: date) -> int:
        """The days since then."""
        return (today - date.fromisoformat(self.recorded_on)).days


def stamped(path: Path, today: date) -> Stamp:
    """The stamp of a cassette that was recorded today."""
    return Stamp(today.isoformat(), contract_digest(), digest(path))


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits. How its lines end does not count, as git may change that."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


@cache
def contract_digest() -> str:
    """The SHA-256 of the contract, without its prose and its layout: what changes no answer counts for nothing."""
    canonical = json.dumps(_without_prose(operations.document()), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_stamps(folder: Path) -> dict[str, Stamp]:
    """The stamps of a folder by the names of the cassettes; none where nothing was stamped.

    Raises:
        StampsError: If the file cannot be read, or has not the form that `write_stamps` gives it.
    """
    try:
        read = json.loads((folder / STAMPS).read_text("utf-8"))
        return {str(name): _stamp(fields) for name, fields in read["cassettes"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise StampsError("has not the form of stamps; remove it and stamp again") from None


def write_stamps(folder: Path, stamps: Mapping[str, Stamp]) -> None:
    """Write the stamps of a folder; what it had before is forgotten.

    Raises:
        OSError: If that cannot be done.
    """
    said = {"cassettes": {name: asdict(stamps[name]) for name in sorted(stamps)}}
    (folder / STAMPS).write_bytes((json.dumps(said, indent=2) + "\n").encode())


def restamp(folder: Path, names: Iterable[str], kept: Iterable[str], today: date) -> None:
    """Stamp the cassettes of these names, and keep the stamps of others that are kept.

    Raises:
        StampsError: If the present stamps cannot be read.
        OSError: If the new ones cannot be written.
    """
    before = read_stamps(folder)
    fresh = {name: stamped(folder / name, today) for name in names}
    write_stamps(folder, {name: before[name] for name in kept if name in before} | fresh)


def _stamp(fields: dict[str, Any]) -> Stamp:
    stamp = Stamp(**fields)
    stamp.age_days(date.min)
    return stamp


def _without_prose(node: Any, verbatim: bool = False) -> Any:
    if isinstance(node, list):
        return [_without_prose(each, verbatim) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_prose(value, verbatim or name in _VERBATIM)
        for name, value in node.items()
        # A property may have such a name too, and is described by more than a text.
        if verbatim or name not in _PROSE or not isinstance(value, str)
    }
