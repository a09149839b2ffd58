"""Recorded conversations with the API, to be replayed where there is neither network nor mock.

They are what this project's own contract tests hold against the contract: each answer is one that it documents, and
keys, tokens and identifiers in them are made up. A cassette is named after its operation, its status and its cause in
the contract, for instance `resolveShare/404-revoked`; those of several steps that belong together are `stories/…`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..testing.errors import MockError
from ..testing.packages import needed_for

if TYPE_CHECKING:
    from vcr.cassette import Cassette as Tape

FOLDER = Path(__file__).parent / "cassettes"
"""Where the files are, each `NAME.yaml`, in the form of vcrpy."""

SERVER = "https://api.aitronos.com"
"""The server in the place of which a cassette answers: the documented one."""

_SUFFIX = ".yaml"
_MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A recorded request and its answer.

    Attributes:
        method: Of HTTP.
        url: The whole of it.
        sent: The JSON body of the request, its text where it is no JSON, or None.
        status: Of the answer.
        answered: The JSON body of the answer.
    """

    method: str
    url: str
    sent: Any
    status: int
    answered: Any


@dataclass(frozen=True, slots=True)
class Cassette:
    """What a cassette answers, and to what: the same method, URL and body, whichever the key.

    Attributes:
        name: Its name.
        exchanges: What was asked and answered, in order.
    """

    name: str
    exchanges: tuple[Exchange, ...]

    @property
    def token(self) -> str:
        """The share token that the last exchange is about.

        Raises:
            MockError: It is about none.
        """
        last = self.exchanges[-1]
        _, is_shared, below = urlsplit(last.url).path.partition("/shared/")
        token = below.partition("/")[0] if is_shared else last.answered.get("token")
        if token is None:
            raise MockError(f"the last exchange of {self.name} is about no share link")
        return str(token)


def names() -> list[str]:
    """The names of all cassettes."""
    return sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob(f"*/*{_SUFFIX}"))


@contextmanager
def replay(name: str) -> Iterator[Cassette]:
    """Answer from a cassette while the block runs, and let no other request out, whichever HTTP client makes it.

    Each exchange is played once. Any other request raises vcrpy's `CannotOverwriteExistingCassetteException`.

    Raises:
        MissingPackage: vcrpy is not installed.
        MockError: There is no such cassette, or none at all.
    """
    path = _path(name)
    with needed_for("replaying a cassette", "vcr"):
        from vcr import VCR
        from vcr.record_mode import RecordMode
    with VCR(record_mode=RecordMode.NONE, match_on=_MATCH_ON).use_cassette(path) as tape:
        yield Cassette(name, tuple(_exchanges(tape)))


def _path(name: str) -> Path:
    known = names()
    if not known:
        raise MockError("the recorded answers are missing: the sources were checked out without symbolic links")
    if name not in known:
        near = " or ".join(get_close_matches(name, known)) or ", ".join(known)
        raise MockError(f"there is no cassette {name!r}; did you mean {near}?")
    return FOLDER / f"{name}{_SUFFIX}"


def _exchanges(tape: Tape) -> Iterator[Exchange]:
    for request, response in zip(tape.requests, tape.responses, strict=True):
        sent, answered = request.body_bytes, response["body"]["string"]
        yield Exchange(request.method, request.uri, _data(sent), response["status"]["code"], _data(answered))


def _data(body: bytes | None) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace") if body else None
