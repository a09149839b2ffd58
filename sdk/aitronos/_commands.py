"""The four operations as commands: arguments in, a call, and then a table for people or JSON for programs."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click
from rich.console import Console, RenderableType

from . import _tables
from ._version import __version__
from .client import Aitronos
from .errors import (
    AitronosError,
    APIConnectionError,
    AuthenticationError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)
from .models import RawResponse
from .music import VisibilityName

DONE, FAILED, USAGE, KEY_REFUSED, NOT_THERE, TOO_MANY, NO_ANSWER, OUTPUT_LOST = range(8)

_EXIT_CODES: tuple[tuple[type[AitronosError], int], ...] = (
    (InvalidArgumentError, USAGE),
    (AuthenticationError, KEY_REFUSED),
    (PermissionDeniedError, KEY_REFUSED),
    (NotFoundError, NOT_THERE),
    (RateLimitError, TOO_MANY),
    (APIConnectionError, NO_ANSWER),
)


class _OutputLost(Exception):
    """The call was made, and its answer could not be written."""


Result = TypeVar("Result")
Command = Callable[..., Any]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aitronos-sdk")
def app() -> None:
    """Share, open and save music through share links.

    The key comes from FREDDY_API_KEY, the server from AITRONOS_BASE_URL.

    \b
    Exit codes: 0 done                        1 refused or failed otherwise
                2 wrong arguments             3 key missing or refused
                4 not there, or removed       5 too many requests
                6 no answer                   7 the output could not be written
    """  # noqa: D301 - \b is click's sign for lines to be left as they are


_as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
_organization = click.argument("organization_id")
_token = click.argument("token_or_url")


def _link_options(command: Command) -> Command:
    lifetime = click.option(
        "--expires-in-days",
        type=click.IntRange(min=1),
        metavar="DAYS",
        help="Lifetime; more than 90 is taken as 90. Without it the link never expires.",
    )
    visibility = click.option(
        "--visibility",
        type=click.Choice(["link_only", "public"]),
        help="link_only (the default): for whoever holds the link. public: for everybody.",
    )
    return visibility(lifetime(_as_json(command)))


@app.command()
@_organization
@click.argument("track_id")
@_link_options
def share_track(
    organization_id: str, track_id: str, visibility: VisibilityName | None, expires_in_days: int | None, as_json: bool
) -> None:
    """Mint a share link for a track. Its token is shown this once."""
    with Aitronos() as client:
        raw = client.music.with_raw_response.share_track(
            organization_id, track_id, visibility=visibility, expires_in_days=expires_in_days
        )
    _show(raw, _tables.share_link, as_json)


@app.command()
@_organization
@click.argument("collection_id")
@_link_options
def share_collection(
    organization_id: str,
    collection_id: str,
    visibility: VisibilityName | None,
    expires_in_days: int | None,
    as_json: bool,
) -> None:
    """Mint a share link for a collection. Its token is shown this once."""
    with Aitronos() as client:
        raw = client.music.with_raw_response.share_collection(
            organization_id, collection_id, visibility=visibility, expires_in_days=expires_in_days
        )
    _show(raw, _tables.share_link, as_json)


@app.command()
@_token
@_as_json
def resolve(token_or_url: str, as_json: bool) -> int:
    """Open a share link, without a key. TOKEN_OR_URL may be - to read it from standard input."""
    with Aitronos() as client:
        raw = client.music.with_raw_response.resolve_share(_from_input(token_or_url))
    view = _show(raw, _tables.shared_view, as_json)
    return DONE if view.available else NOT_THERE


@app.command()
@_token
@_as_json
def save(token_or_url: str, as_json: bool) -> None:
    """Save a shared track into your library. TOKEN_OR_URL may be - to read it from standard input."""
    with Aitronos() as client:
        raw = client.music.with_raw_response.save_shared_track(_from_input(token_or_url))
    _show(raw, _tables.library_edge, as_json)


def _from_input(argument: str) -> str:
    if argument != "-":
        return argument
    try:
        return sys.stdin.readline().strip()
    except (OSError, ValueError, AttributeError):
        # Closed, a folder, or no text; Python itself makes a standard input that was closed before it None.
        raise click.UsageError(
            "standard input cannot be read as text: give the token there, or as an argument"
        ) from None


def _show(raw: RawResponse[Result], table: Callable[[Result], RenderableType], as_json: bool) -> Result:
    """Print an answer: as the server sent it for programs, as a table for people."""
    result = raw.parse()
    try:
        sys.stdout.write(f"{json.dumps(json.loads(raw.content), indent=2)}\n" if as_json else _text(table(result)))
        sys.stdout.flush()
    except OSError as error:
        raise _OutputLost(error.strerror or type(error).__name__) from None
    return result


def _text(answer: RenderableType) -> str:
    # Without a terminal there is no width to fit into, and a URL in one piece can be cut out.
    console = Console(width=None if sys.stdout.isatty() else 1000, highlight=False)
    # Rich would end the process without a word if it met a closed pipe itself.
    with console.capture() as captured:
        console.print(answer)
    return captured.get()


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code. What goes wrong is one line on standard error."""
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison] - closed before the start
        _complain("standard output is closed, so nothing was sent: the answer could not be shown")
        return OUTPUT_LOST
    try:
        return app.main(list(arguments) or ["--help"], prog_name="aitronos", standalone_mode=False) or DONE
    except AitronosError as error:
        _complain(f"{error}{_advice(error)}")
        return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), FAILED)
    except click.ClickException as error:
        _complain(error.format_message())
        return USAGE
    except _OutputLost as error:
        _complain(
            f"the call succeeded, and its answer could not be written: {error}. A new link's token is lost with it"
        )
        _discard(sys.stdout)
        return OUTPUT_LOST
    except OSError:
        # The help or the version, to a reader that went away.
        _discard(sys.stdout)
        return OUTPUT_LOST
    except click.Abort:
        return FAILED


def _advice(error: AitronosError) -> str:
    return " Set FREDDY_API_KEY to a valid key." if isinstance(error, AuthenticationError) else ""


def _complain(line: str) -> None:
    try:
        click.echo(f"aitronos: {' '.join(line.split())}", err=True)
    except OSError:
        # Nobody is left to tell where standard error is gone too; the exit code remains.
        _discard(sys.stderr)


def _discard(stream: TextIO) -> None:
    """Let what waits in the buffer go nowhere; otherwise Python fails on it again when it exits."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())
