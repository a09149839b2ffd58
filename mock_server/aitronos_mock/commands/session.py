"""What all commands have in common: where the mock is, who asks, and how the answer is shown."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec
from urllib.parse import quote, urlsplit

import click

if TYPE_CHECKING:
    from .client import Client

_P = ParamSpec("_P")

DEFAULT_URL = "http://127.0.0.1:8000"

_CREDENTIAL = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Session:
    """One command at work.

    Attributes:
        client: Reaches the control plane.
        as_json: Whether programs read the output, not people.
    """

    client: Client
    as_json: bool

    def run(
        self,
        method: str,
        *path: str,
        told: Callable[[Any], str],
        query: Mapping[str, object] | None = None,
        body: object = None,
    ) -> None:
        """Call one operation and show what came of it.

        Args:
            method: Of HTTP.
            path: The segments behind `/_mock`.
            told: Puts the answer into words for people.
            query: The query by name; what is None is left out.
            body: What becomes the JSON body; None is no body.
        """
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        reply = self.client.send(method, path, asked, body)
        text = reply.text if self.as_json else told(reply.data)
        if text:
            click.echo(text)


class _MockUrl(click.ParamType[str]):
    name = "URL"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not is_base_url(value):
            # It is not repeated: a URL may hold a password.
            self.fail(f"this is no URL of a mock; write it as {DEFAULT_URL}", param, ctx)
        return value.rstrip("/")


def is_base_url(text: str) -> bool:
    """Whether a text is an address of HTTP without credentials, query and fragment, below which paths can stand."""
    try:
        url = urlsplit(text)
        fits = url.port != 0 and bool(url.hostname) and url.scheme in ("http", "https")
    except ValueError:
        return False
    is_plain = re.fullmatch(r"[\x21-\x7e]+", text) is not None and not set("?#@") & set(text)
    return fits and is_plain


_url = click.option(
    "--url",
    type=_MockUrl(),
    envvar="AITRONOS_MOCK_URL",
    show_envvar=True,
    default=DEFAULT_URL,
    show_default=True,
    help="Where the mock is; the base_url of a sandbox does too.",
)
_sandbox = click.option("--sandbox", metavar="NAME", help="The sandbox that is meant; without it, the default one.")
_json = click.option("--json", "as_json", is_flag=True, help="Print the JSON of the mock; nothing where it has none.")


def in_server(command: Callable[Concatenate[Session, _P], None]) -> Callable[..., None]:
    """Give a command about a whole server its options, and a session in their place."""

    @_url
    @_json
    @wraps(command)
    def with_options(url: str, as_json: bool, *args: _P.args, **kwargs: _P.kwargs) -> None:
        # Slow to import, and not needed for help.
        from .client import Client

        command(Session(Client(url, control_token()), as_json), *args, **kwargs)

    return with_options


def in_sandbox(command: Callable[Concatenate[Session, _P], None]) -> Callable[..., None]:
    """Give a command about one sandbox its options, and a session in their place."""
    in_default = in_server(command)

    @_sandbox
    @wraps(in_default)
    def with_options(url: str, sandbox: str | None, **kwargs: Any) -> None:
        in_default(url=url if sandbox is None else f"{url}/sandboxes/{quote(sandbox, safe='')}", **kwargs)

    return with_options


def control_token() -> str | None:
    """What the environment gives to be shown to a mock, or None.

    Raises:
        click.UsageError: It can be no token.
    """
    token = os.environ.get("AITRONOS_MOCK_CONTROL_TOKEN")
    if token and not _CREDENTIAL.fullmatch(token):
        raise click.UsageError("AITRONOS_MOCK_CONTROL_TOKEN has characters that no token has; set it anew.")
    return token or None
