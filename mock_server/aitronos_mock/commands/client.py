"""HTTP to the control plane of one mock, or of one sandbox of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import click

from ..control.targets import target_of
from .failures import Refused

_TIMEOUT_SECONDS = 30.0


class Reply(NamedTuple):
    """What the mock said.

    Attributes:
        text: The JSON as it came; empty where an answer needs none.
        data: The same, decoded; None where there is none.
    """

    text: str
    data: Any


@dataclass(frozen=True, slots=True)
class Client:
    """Speaks with one control plane.

    It follows no redirect and asks no proxy: the token is for this mock alone, and a mock is close by.

    Attributes:
        base_url: Of a mock or of a sandbox, with scheme and host.
        token: What the mock demands of those who control it, or None.
    """

    base_url: str
    token: str | None = field(default=None, repr=False)

    def send(
        self, method: str, path: Sequence[str], query: Mapping[str, object] | None = None, body: object = None
    ) -> Reply:
        """Call one operation.

        Args:
            method: Of HTTP.
            path: The segments behind `/_mock`, as they are; they are encoded here.
            query: The query by name.
            body: What becomes the JSON body; None is no body.

        Raises:
            Refused: The mock answered with an error.
            click.ClickException: Nobody answered, or not as a mock does.
        """
        status, text = self._exchange(method, target_of(path, query), None if body is None else json.dumps(body))
        data = self._decoded(text) if text else None
        if status >= 300:
            raise Refused(self._refusal(status, data))
        return Reply(text, data)

    def _exchange(self, method: str, target: str, body: str | None) -> tuple[int, str]:
        url = urlsplit(self.base_url)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        connection = kind(str(url.hostname), url.port, timeout=_TIMEOUT_SECONDS)
        try:
            connection.request(method, url.path + target, body, self._headers())
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except OSError as error:
            reason = error.strerror or str(error) or type(error).__name__
            advice = "start a mock there with 'aitronos-mock serve', or name another by --url"
            raise click.ClickException(f"{self.base_url} does not answer ({reason}); {advice}") from None
        except HTTPException:
            raise self._stranger() from None
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        credentials = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        return {"Content-Type": "application/json", **credentials}

    def _decoded(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            raise self._stranger() from None

    def _refusal(self, status: int, data: Any) -> str:
        match data:
            case {"error": {"code": str(code), "message": str(message), "system_message": str(why)}}:
                return f"{message} {why} ({status} {code})"
            case _:
                raise self._stranger()

    def _stranger(self) -> click.ClickException:
        return click.ClickException(f"{self.base_url} answers, but not as a mock does; check --url")
