"""Cassettes of vcrpy as data, in YAML or JSON, read so that no file can run anything. vcrpy itself is not needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from .decoding import UndecodableError, from_base64

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
"""What the name of a cassette ends in."""

_BINARY = "tag:yaml.org,2002:binary"
_MERGE = "tag:yaml.org,2002:merge"
_TWICE = "has the same name twice in a mapping"
_Json = dict[str, Any]


class CassetteError(Exception):
    """A file is no cassette. The message says why, and repeats nothing that stands in the file."""


@dataclass(frozen=True)
class Interaction:
    """A request and its answer. Names of headers are in lower case; bodies are as they were recorded."""

    method: str
    uri: str
    request_headers: dict[str, str]
    request_body: bytes
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path of the request's URL."""
        return urlsplit(self.uri).path


@dataclass(frozen=True)
class Cassette:
    """One file.

    Attributes:
        text: The file, without the values that are Base64 by a tag of YAML. Comments stand here alone.
        document: The data in it.
        interactions: What was said, in its order.
    """

    text: str
    document: Any
    interactions: tuple[Interaction, ...]


def read_cassette(path: Path) -> Cassette:
    """The cassette in a file.

    Raises:
        CassetteError: If it holds none.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise CassetteError(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CassetteError("is no text in UTF-8") from None
    return parse_cassette(text, path.suffix)


def parse_cassette(text: str, suffix: str = ".yaml") -> Cassette:
    """The cassette in a text, JSON if the suffix says so.

    Raises:
        CassetteError: If it is none.
    """
    try:
        is_json = suffix == ".json"
        document = _from_json(text) if is_json else yaml.load(text, _PlainLoader)  # noqa: S506 - it is a safe loader
        return Cassette(text if is_json else _without_binaries(text), document, tuple(_interactions(document)))
    except yaml.constructor.ConstructorError as error:
        raise CassetteError(f"has a tag that is no plain data{_place(error)}") from None
    except yaml.MarkedYAMLError as error:
        raise CassetteError(f"is no YAML{_place(error)}") from None
    except json.JSONDecodeError as error:
        raise CassetteError(f"is no JSON at line {error.lineno}") from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise CassetteError("has a value that cannot be read") from None
    except RecursionError:
        raise CassetteError("is nested too deeply") from None


_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainLoader(_SAFE):  # type: ignore[misc]  # which of the two it is only the machine knows
    """The safe loader, for which a name that comes twice is a mistake: the first value would be lost unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Make a mapping of a node; what an alias merges into it may be named again."""
        seen: set[tuple[str, str]] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                if (key.tag, key.value) in seen:
                    raise CassetteError(f"{_TWICE} at line {key.start_mark.line + 1}")
                seen.add((key.tag, key.value))
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


def _from_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_without_duplicates)


def _without_duplicates(pairs: list[tuple[str, Any]]) -> _Json:
    if len({name for name, _ in pairs}) < len(pairs):
        raise CassetteError(_TWICE)
    return dict(pairs)


def _place(error: yaml.MarkedYAMLError) -> str:
    return f" at line {error.problem_mark.line + 1}" if error.problem_mark else ""


def _without_binaries(text: str) -> str:
    """Base64 looks like a random secret; what is in it is looked at where the data is."""
    events: list[Any] = [*yaml.parse(text, _SAFE)]
    for event in reversed(events):
        if getattr(event, "tag", None) == _BINARY:
            text = text[: event.start_mark.index] + text[event.end_mark.index :]
    return text


def _interactions(document: Any) -> Iterator[Interaction]:
    match document:
        case {"interactions": [_, *_] as said}:
            for number, each in enumerate(said):
                yield _interaction(each, f"interaction {number}")
        case _:
            raise CassetteError("holds no interactions, so it is no cassette")


def _interaction(said: Any, name: str) -> Interaction:
    match said:
        case {"request": {"method": str(method), "uri": str(uri)} as request, "response": dict() as response}:
            return Interaction(
                method=method.upper(),
                uri=_url(uri, name),
                request_headers=_headers(request, name),
                request_body=_body(request.get("body"), name),
                status=_status(response, name),
                headers=_headers(response, name),
                body=_body(response.get("body", response.get("content")), name),
            )
        case _:
            raise CassetteError(f"has no method, URI and response in {name}")


def _url(uri: str, name: str) -> str:
    try:
        urlsplit(uri)
    except ValueError:
        raise CassetteError(f"has a URI that is none in {name}") from None
    return uri


def _status(response: _Json, name: str) -> int:
    match response:
        # The latter is how vcrpy wrote answers to httpx before its version 6.
        case {"status": {"code": int(status)}} | {"status_code": int(status)}:
            return status
        case _:
            raise CassetteError(f"has no status in {name}")


def _headers(message: _Json, name: str) -> dict[str, str]:
    headers = message.get("headers") or {}
    if not isinstance(headers, dict):
        raise CassetteError(f"has headers of an unknown form in {name}")
    read: dict[str, list[str]] = {}
    # Two names that differ in case are one header, and neither may hide the other.
    for each, values in headers.items():
        read.setdefault(str(each).lower(), []).extend(_values(values))
    return {each: ", ".join(values) for each, values in read.items()}


def _values(values: Any) -> list[str]:
    return [_text(each) for each in (values if isinstance(values, list) else [values])]


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(body: Any, name: str) -> bytes:
    match body:
        case {"string": inner}:
            return _body(inner, name)
        case {"base64_string": str(encoded)}:
            return _from_base64(encoded, name)
        case None:
            return b""
        case str():
            return body.encode("utf-8", "surrogatepass")
        case bytes():
            return body
        case _:
            raise CassetteError(f"has a body of an unknown form in {name}")


def _from_base64(encoded: str, name: str) -> bytes:
    try:
        return from_base64("".join(encoded.split()))
    except UndecodableError:
        raise CassetteError(f"has a body that is no Base64 in {name}") from None
