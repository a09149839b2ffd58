#!/usr/bin/env python3
"""Measure what the SDK costs beside httpx alone: its import, and its share of a call.

    python scripts/bench_sdk.py             print both ratios, with what they are made of
    python scripts/bench_sdk.py --rounds 5  fewer rounds, sooner done

Imports are timed in fresh interpreters and calls over one kept connection to a server on loopback, in alternating
rounds; each figure is the median. A ratio of 1.00 means: as costly as httpx alone.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping

import httpx

from aitronos import Aitronos

TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"  # noqa: S105 - the documented example
PATH = f"/v1/music/shared/{TOKEN}"
VIEW = {
    "kind": "track",
    "available": True,
    "message": None,
    "share": {"target_type": "track", "visibility": "link_only", "expires_at": "2026-07-28T10:30:00Z"},
    "track": {
        "id": "mtrack_b4d9e1c6a72f",
        "title": "Late Night Study",
        "engine": "studio",
        "mode": "creation",
        "measured_duration_seconds": 120.4,
        "instrumental": True,
        "playback_url": "https://cdn.aitronos.com/music/track/...signed",
        "licence": {
            "licence_class": "personal_only",
            "licence_version": "2026-01",
            "commercial_use": False,
            "requires_attribution": False,
        },
    },
    "collection": None,
    "tracks": None,
}
CALLS = 500
IMPORTS = {
    "import httpx": "import httpx",
    "import aitronos": "import aitronos",
    "httpx + Client()": "import httpx; httpx.Client()",
    "aitronos + first call's client": "import aitronos; aitronos.Aitronos()._session.transport.client()",
}


def serve(listener: socket.socket) -> None:
    """Answer every request on every connection with the same bytes, as cheaply as can be."""
    body = json.dumps(VIEW).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection, head.encode() + body), daemon=True).start()


def answer(connection: socket.socket, reply: bytes) -> None:
    """Answer requests without a body for as long as they come."""
    with connection:
        while data := connection.recv(65536):
            connection.sendall(reply * data.count(b"\r\n\r\n"))


def import_seconds(statement: str) -> float:
    """Time a statement in a fresh interpreter, its own start left out."""
    script = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(result.stdout)


def call_seconds(call: Callable[[], object]) -> float:
    """Time one call, as the mean of many."""
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS


def medians(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Measure in alternating rounds, so that a slow moment of the machine hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            taken[name].append(measure())
    return {name: statistics.median(values) for name, values in taken.items()}


def measured_calls(url: str, rounds: int) -> dict[str, float]:
    """Seconds per call, of httpx alone and of the SDK's ways."""
    with httpx.Client(base_url=url) as raw, Aitronos("your-api-key", base_url=url) as client:
        calls: dict[str, Callable[[], object]] = {
            "httpx get + json": lambda: raw.get(PATH).json(),
            "client.get": lambda: client.get(PATH),
            "client.music.resolve_share": lambda: client.music.resolve_share(TOKEN),
        }
        for call in calls.values():
            call()
        return medians({name: lambda call=call: call_seconds(call) for name, call in calls.items()}, rounds)  # type: ignore[misc]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each figure is taken (default 15)")
    rounds = parser.parse_args().rounds
    imports = medians({name: lambda text=text: import_seconds(text) for name, text in IMPORTS.items()}, rounds)  # type: ignore[misc]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        calls = measured_calls(f"http://127.0.0.1:{listener.getsockname()[1]}", rounds)
    for name, seconds in imports.items():
        print(f"{name:32} {seconds * 1e3:8.1f} ms")
    for name, seconds in calls.items():
        print(f"{name:32} {seconds * 1e6:8.1f} µs")
    base = calls["httpx get + json"]
    print(f"import ratio                     {imports['import aitronos'] / imports['import httpx']:8.2f}")
    print(f"call ratio, raw verb             {calls['client.get'] / base:8.2f}")
    print(f"call ratio, typed                {calls['client.music.resolve_share'] / base:8.2f}")
    print(f"typed call's overhead            {(calls['client.music.resolve_share'] - base) * 1e6:8.1f} µs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
