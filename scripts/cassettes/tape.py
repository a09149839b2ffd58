"""Cassettes as files: written by vcrpy in a form that people can read, and played by it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import yaml
from vcr import VCR
from vcr.cassette import Cassette
from vcr.patch import PATCHER_NAMES
from vcr.persisters.filesystem import FilesystemPersister
from vcr.record_mode import RecordMode
from vcr.request import Request
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

SUFFIX = ".yaml"
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")
_MARK = "# Recorded by scripts/record_cassettes.py. Do not edit.\n"
_ORDER = ("method", "uri", "status", "headers", "body")
# The SDK speaks through httpx alone. Whatever else might be patched would hide that somebody else speaks.
_OTHERS = tuple(name for name in PATCHER_NAMES if name != "httpx")

Scrub = Callable[[Request, dict[str, Any]], tuple[Request, dict[str, Any]]]


def recording(path: Path, scrub: Scrub) -> AbstractContextManager[Cassette]:
    """Record into a new file what `scrub` leaves of each interaction. If anything is raised, no file is written."""
    vcr = VCR(
        record_mode=RecordMode.ALL,
        serializer="readable",
        before_save_interaction=scrub,
        decode_compressed_response=True,
        record_on_exception=False,
        skip_patchers=_OTHERS,
    )
    vcr.register_serializer("readable", Readable)
    vcr.register_persister(Persister)
    cassette: AbstractContextManager[Cassette] = vcr.use_cassette(path)
    return cassette


def replaying(path: Path) -> AbstractContextManager[Cassette]:
    """Answer from a file, and refuse what it does not hold."""
    vcr = VCR(record_mode=RecordMode.NONE, match_on=MATCH_ON, skip_patchers=_OTHERS)
    cassette: AbstractContextManager[Cassette] = vcr.use_cassette(path)
    return cassette


class Persister(FilesystemPersister):  # type: ignore[misc]  # vcrpy is untyped
    """Writes the same bytes on every system."""

    @staticmethod
    def save_cassette(cassette_path: str | os.PathLike[str], cassette_dict: dict[str, Any], serializer: Any) -> None:
        """Write a cassette, and the folder that it belongs into."""
        path = Path(cassette_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(serialize(cassette_dict, serializer).encode("ascii"))


class Readable:
    """YAML in the order in which things happen, with bodies as blocks of lines."""

    deserialize = staticmethod(yamlserializer.deserialize)

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        """The text of a whole cassette, in ASCII."""
        said = [{side: _ordered(message) for side, message in each.items()} for each in cassette["interactions"]]
        text: str = yaml.dump(
            {"version": cassette["version"], "interactions": said}, Dumper=_Dumper, sort_keys=False, width=float("inf")
        )
        return _MARK + text


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _block(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _block)


def _ordered(message: dict[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in _ORDER if name in message}
