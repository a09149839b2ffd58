#!/usr/bin/env python3
"""Walk the whole way against a mock of its own: share, open, save and an error, by raw verbs and by typed methods.

    python scripts/walkthrough.py          leave the mock running at the end, with curl lines to try
    python scripts/walkthrough.py --once   stop at the end

What is printed behind `>>>` is what runs, and what is printed behind the arrows is what went over the wire.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import sys
import textwrap
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

import httpx

from aitronos import Aitronos, AitronosError
from booting import MockMissingError, booted_mock


class Step(NamedTuple):
    """What a person reads, and the line of Python that shows it.

    Attributes:
        says: The sentence.
        does: The line.
        fails: Whether the line is there to show a failure.
    """

    says: str
    does: str
    fails: bool = False


STEPS = [
    Step(
        "The owner shares a track for 30 days. A raw verb takes a path and gives a plain dict.",
        'link = owner.post("/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share", json={"expires_in_days": 30})',
    ),
    Step(
        "Anybody opens the link. That needs no key, and none is sent.",
        "view = owner.get(f\"/v1/music/shared/{link['token']}\")",
    ),
    Step(
        "A listener saves the track into a library of their own.",
        "edge = listener.post(f\"/v1/music/shared/{link['token']}/save\")",
    ),
    Step(
        "Now with types: your editor knows every field of what comes back.",
        'link = owner.music.share_collection("org_abc123", "mcoll_5e8a1d3f9c27", visibility="public")',
    ),
    Step(
        "Where a token is wanted, the URL that somebody pasted will do.",
        "view = owner.music.resolve_share(link.url)",
    ),
    Step(
        "What came back is a model.",
        "print('   ', view.collection.name, [track.title for track in view.tracks])",
    ),
    Step(
        "Saving is typed as well; saved again, the track keeps its place.",
        'print("   ", listener.music.save_shared_track("shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c").id)',
    ),
    Step(
        "A failure is a typed exception, with a message for people and one for developers.",
        'listener.music.share_track("org_abc123", "mtrack_b4d9e1c6a72f")',
        fails=True,
    ),
]


class Style:
    """Colours for a terminal, and none for anything else."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, code: str, text: str) -> str:
        """Give the text its colour, where colours are on."""
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text


style = Style(sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def pretty(value: Any) -> str:
    """Write JSON with one member a line, indented below what it belongs to."""
    return textwrap.indent(json.dumps(value, indent=2, ensure_ascii=False), "       ")


def show_request(request: httpx.Request) -> None:
    """Print what goes out, and whether a key goes with it."""
    key = "with a key" if "x-api-key" in request.headers else "no key"
    print(style("36", f"    -> {request.method} {request.url.path}  ({key})"))
    if request.content:
        print(style("2", pretty(json.loads(request.content))))


def show_response(response: httpx.Response) -> None:
    """Print what came back."""
    response.read()
    colour = "32" if response.is_success else "31"
    print(style(colour, f"    <- {response.status_code} {response.reason_phrase}"))
    print(style("2", pretty(response.json())))


def walk(base_url: str) -> None:
    """Run every step, as a person would type it."""
    hooks: dict[str, list[Any]] = {"request": [show_request], "response": [show_response]}
    # Without trust in the environment: its proxy would be asked for the mock.
    with httpx.Client(event_hooks=hooks, trust_env=False) as wire:
        people = {
            "owner": Aitronos(api_key="your-api-key", base_url=base_url, http_client=wire),
            "listener": Aitronos(api_key="recipient-api-key", base_url=base_url, http_client=wire),
        }
        for number, step in enumerate(STEPS, start=1):
            print(f"\n{style('1', f'{number}. {step.says}')}\n    >>> {step.does}")
            take(step, people)


def take(step: Step, people: dict[str, Any]) -> None:
    """Run one step; a failure that it is not there to show ends the walk."""
    try:
        exec(step.does, people)  # noqa: S102 - the lines above, and nothing from outside
    except AitronosError as error:
        if not step.fails:
            raise
        print(style("31", f"    {type(error).__name__}: {error}"))


def free_port(wanted: int) -> int:
    """The port that is wanted, or 0 for any where something listens there already."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", wanted)):
            return wanted
    print(f"Something listens on port {wanted} already; the mock takes another one.")
    return 0


def invite(base_url: str) -> None:
    """Print what to try next."""
    track = f"{base_url}/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
    print(f"\n{style('1', f'The mock keeps running on {base_url}. Try, in another terminal:')}\n")
    print(f"    curl {base_url}/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c")
    print(f"    curl -X POST -H 'X-API-Key: your-api-key' {track}")
    print(f"    curl -X POST -H 'X-API-Key: somebody' {track}")
    print("\nREADME.md lists the other keys and links. Ctrl-C stops it.", flush=True)


def stop(*_: object) -> NoReturn:
    """End as Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> None:
    """Start the mock, walk, and keep it running unless told otherwise."""
    parser = argparse.ArgumentParser(prog="demo", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--once", action="store_true", help="stop at the end")
    once = parser.parse_args().once
    signal.signal(signal.SIGTERM, stop)
    port = 0 if once else free_port(8000)
    try:
        with suppress(KeyboardInterrupt), booted_mock("--port", str(port)) as mock:
            walk(mock.url)
            if not once:
                invite(mock.url)
                mock.process.wait()
    except (AitronosError, MockMissingError) as error:
        sys.exit(f"demo: {error}")


if __name__ == "__main__":
    main()
