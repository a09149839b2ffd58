"""Take secrets and whatever is new at every recording out of one cassette, and leave stable fakes.

The same value becomes the same fake throughout a cassette, so that what was minted in one answer still opens in the
next request. A value that is not of the form that the contract promises stays, and the checks complain about it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from vcr.request import Request

from aitronos_mock.cassettes import fakes, operations

from .world import World

_IDENTIFIER = r"\b(?:shr|req|org|mtrack|mcoll|mslink|mlib)_[0-9A-Za-z]+"
_MOMENT_FORM = "%Y-%m-%dT%H:%M:%SZ"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DAY = timedelta(days=1)

_SENT = frozenset({"accept", "authorization", "content-type", "cookie", "x-api-key"})
_NOT_KEPT = frozenset({"accept-encoding", "connection", "content-length", "host", "user-agent"})
_MEASURED = ("freddy-processing-ms", "retry-after", "x-ratelimit-remaining", "x-ratelimit-reset")


class UnscrubbableError(Exception):
    """Something was recorded of which nobody decided whether a cassette may show it."""


class Scrubber:
    """Scrubs the interactions of one cassette, in their order.

    Attributes:
        secrets: What was replaced and must not turn up in the file: keys, tokens, playback URLs and the server's host.
    """

    def __init__(self, world: World) -> None:
        self._known = {value: thing.fake for thing, value in world.things.items()}
        self._known[world.base_url] = fakes.SERVER
        self._numbers: Counter[str] = Counter()
        self._expiries: dict[str, str] = {}
        self.secrets = {value for thing, value in world.things.items() if thing.is_secret}
        if world.base_url != fakes.SERVER:
            self.secrets.add(urlsplit(world.base_url).netloc)

    def __call__(self, request: Request, response: dict[str, Any]) -> tuple[Request, dict[str, Any]]:
        """What is kept of one interaction."""
        operation = operations.operation_called_by(request.method, urlsplit(request.uri).path)
        declared = operations.headers(operation, response["status"]["code"])
        body = self._body(response["body"]["string"])
        request.uri = self._text(request.uri)
        request.headers = dict(self._request_headers(request.headers))
        request.body = self._text((request.body_bytes or b"").decode())
        kept = dict(self._response_headers(response["headers"], declared))
        if "content-length" in kept:
            kept["content-length"] = [str(len(body))]
        return request, {"status": response["status"], "headers": kept, "body": {"string": body}}

    def _request_headers(self, sent: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, value in sent.items():
            if name.lower() not in _SENT | _NOT_KEPT:
                raise UnscrubbableError(f"The SDK sends a header {name}; decide in scrubbing.py what becomes of it")
            if name.lower() in _SENT:
                yield name.lower(), self._text(value)

    def _response_headers(
        self, received: dict[str, list[str]], declared: dict[str, Any]
    ) -> Iterator[tuple[str, list[str]]]:
        for name, values in received.items():
            if name.lower() in declared.keys() | {"content-type", "content-length"}:
                yield name.lower(), [self._header(name.lower(), value, declared) for value in values]

    def _header(self, name: str, value: str, declared: dict[str, Any]) -> str:
        """A measured value becomes the contract's example, unless it is wrong or tells of an allowance used up."""
        if name not in _MEASURED:
            return self._text(value)
        example = str(declared[name]["example"])
        is_telling = name == "x-ratelimit-remaining" and "0" in {value, example}
        return value if is_telling or operations.header_problems(declared[name], value) else example

    def _body(self, body: bytes) -> bytes:
        try:
            document = json.loads(body)
        except ValueError:
            return self._text(body.decode("utf-8", "replace")).encode()
        self._learn(document)
        return json.dumps(self._json(document), indent=2).encode()

    def _learn(self, document: Any) -> None:
        """Give a minted token its fake before anything else that contains it."""
        if isinstance(document, dict) and isinstance(token := document.get("token"), str) and token not in self._known:
            self.secrets.add(token)
            self._known[token] = self._number("shr")

    def _json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._member(name, each, value) for name, each in value.items()}
        if isinstance(value, list):
            return [self._json(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def _member(self, name: str, value: Any, siblings: dict[str, Any]) -> Any:
        if name == "playback_url" and isinstance(value, str):
            return self._playback_url(value, siblings)
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return self._expiry(value, siblings) if name == "expires_at" else fakes.NOW
        return self._json(value)

    def _playback_url(self, url: str, track: dict[str, Any]) -> str:
        """Which of its parts grant the audio is the server's business, so nothing of it stays."""
        if urlsplit(url).scheme not in {"http", "https"}:
            raise UnscrubbableError("A playback_url is no URL; look at what the server answers")
        self.secrets.add(url)
        return f"{fakes.MEDIA}/{self._text(str(track.get('id')))}?signature={fakes.SIGNATURE}"

    def _expiry(self, moment: str, siblings: dict[str, Any]) -> str:
        """As long after the fake present as it was after the link's creation; of an older link, in whole days."""
        if moment not in self._expiries:
            created = siblings.get("created_at")
            is_new = isinstance(created, str) and _MOMENT.fullmatch(created)
            start = _parsed(created) if is_new else datetime.now(UTC)
            lifetime = _parsed(moment) - start
            shown = lifetime if is_new else round(lifetime / _DAY) * _DAY
            self._expiries[moment] = (_parsed(fakes.NOW) + shown).strftime(_MOMENT_FORM)
        return self._expiries[moment]

    def _text(self, text: str) -> str:
        """All in one pass, since a fake may contain what is somewhere else a real value."""
        spellings = {spelling: fake for real, fake in self._known.items() for spelling in (real, quote(real, safe=""))}
        known = "|".join(re.escape(spelling) for spelling in sorted(spellings, key=len, reverse=True))
        return re.sub(f"{known}|{_IDENTIFIER}", lambda found: spellings.get(found[0]) or self._fake(found[0]), text)

    def _fake(self, identifier: str) -> str:
        if fakes.is_fake(identifier):
            return identifier
        prefix = identifier.partition("_")[0]
        if prefix == "shr":
            self.secrets.add(identifier)
        return self._known.setdefault(identifier, self._number(prefix))

    def _number(self, prefix: str) -> str:
        self._numbers[prefix] += 1
        return fakes.numbered(prefix, self._numbers[prefix])


def _parsed(moment: Any) -> datetime:
    return datetime.strptime(moment, _MOMENT_FORM).replace(tzinfo=UTC)
