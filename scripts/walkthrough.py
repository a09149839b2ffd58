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
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import httpx

from aitronos import Aitronos, AitronosError

READY = "aitronos-mock ready on "
COMMAND = Path(sys.executable).with_name("aitronos-mock")


class Step(NamedTuple):
    """What a person reads, and the line of Python that shows it."""

    says: str
    does: str


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
        "A failure is a typed exception, with a message for people and one for developers.",
        'listener.music.share_track("org_abc123", "mtrack_b4d9e1c6a72f")',
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
    with httpx.Client(event_hooks=hooks) as wire:
        people = {
            "owner": Aitronos(api_key="your-api-key", base_url=base_url, http_client=wire),
            "listener": Aitronos(api_key="recipient-api-key", base_url=base_url, http_client=wire),
        }
        for number, step in enumerate(STEPS, start=1):
            print(f"\n{style('1', f'{number}. {step.says}')}\n    >>> {step.does}")
            try:
                exec(step.does, people)  # noqa: S102 - the lines above, and nothing from outside
            except AitronosError as error:
                print(style("31", f"    {type(error).__name__}: {error}"))


@contextmanager
def running_mock(port: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the mock, give its URL once it answers, and stop it in the end."""
    command = [str(COMMAND), "serve", "--port", str(port), "--log-level", "warning"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline() if server.stdout else ""
        if not line.startswith(READY):
            sys.exit(server.wait() or 1)
        yield line.removeprefix(READY).strip(), server
    finally:
        server.terminate()
        server.wait()


def free_port(wanted: int) -> int:
    """The port that is wanted, or 0 for any where something listens there already."""
    with socket.socket() as probe:
        return wanted if probe.connect_ex(("127.0.0.1", wanted)) else 0


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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--once", action="store_true", help="stop at the end")
    once = parser.parse_args().once
    signal.signal(signal.SIGTERM, stop)
    with suppress(KeyboardInterrupt), running_mock(0 if once else free_port(8000)) as (base_url, server):
        walk(base_url)
        if not once:
            invite(base_url)
            server.wait()


if __name__ == "__main__":
    main()
