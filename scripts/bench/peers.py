"""The servers that the mock is measured beside, all from public packages, each as fast as its options make it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from .errors import BenchError, Missing
from .figures import Figures
from .machine import Cores
from .processes import Server, running
from .requests import CONTRACT, RESOLVE, SHARE, Request, documented_answer

PRISM, WIREMOCK, FASTAPI, STARLETTE, BARE = "Prism, silent", "WireMock, tuned", "FastAPI", "Starlette", "bare ASGI"
# Figures of different runs can be compared as long as the peers are the same.
_PRISM_PACKAGE = "@stoplight/prism-cli@5.14.2"
_WIREMOCK_PACKAGE = "wiremock@3.13.2"
_NPM_SECONDS = 300
_SERVERS = Path(__file__).with_name("servers")
VERSIONS = {PRISM: _PRISM_PACKAGE, WIREMOCK: _WIREMOCK_PACKAGE}


def available(folder: Path, cores: Cores, figures: Figures) -> Iterator[Server]:
    """The peers that can be had here, and start; the others are noted as left out.

    Args:
        folder: Where they may keep what they need.
        cores: Where they run.
        figures: Where to note what is left out.
    """
    for name, found in _PEERS.items():
        try:
            server = found(name, folder)
            with running(server, cores):
                pass
        except BenchError as error:
            figures.leave_out(name, str(error))
        else:
            yield server


def write_answers(folder: Path) -> None:
    """Put what the peers answer where they read it."""
    answers = {"view": documented_answer("SharedTrack"), "link": documented_answer("TrackShareLink")}
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def bare(folder: Path) -> Server:
    """The cheapest server, which needs nothing but what the mock needs itself."""
    return _PEERS[BARE](BARE, folder)


def _prism(name: str, folder: Path) -> Server:
    script = _installed(_PRISM_PACKAGE, "prism")
    return Server(
        name, lambda port: ["node", str(script), "mock", "-v", "silent", "-p", str(port), str(CONTRACT)], folder
    )


def _wiremock(name: str, folder: Path) -> Server:
    if which("java") is None:
        raise Missing("there is no Java; scripts/install_bench installs Debian's")
    (jar,) = (_installed(_WIREMOCK_PACKAGE, "wiremock").parent / "build").glob("wiremock-standalone-*.jar")
    root = folder / "wiremock"
    _write_mappings(root / "mappings", json.loads((folder / "answers.json").read_bytes()))
    quiet = ["--no-request-journal", "--disable-request-logging", "--disable-banner"]
    place = ["--bind-address", "127.0.0.1", "--root-dir", str(root)]
    return Server(name, lambda port: ["java", "-jar", str(jar), "--port", str(port), *place, *quiet], folder)


def _on_uvicorn(module: str, *needed: str) -> Callable[[str, Path], Server]:
    def server(name: str, folder: Path) -> Server:
        missing = [package for package in needed if find_spec(package) is None]
        if missing:
            raise Missing(f"{', '.join(missing)} is not installed into this Python")
        return Server(name, lambda port: _uvicorn(module, port), folder)

    return server


_PEERS: Mapping[str, Callable[[str, Path], Server]] = {
    PRISM: _prism,
    WIREMOCK: _wiremock,
    FASTAPI: _on_uvicorn("on_fastapi", "fastapi"),
    STARLETTE: _on_uvicorn("on_starlette"),
    BARE: _on_uvicorn("bare"),
}


def _uvicorn(module: str, port: int) -> list[str]:
    fast = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    place = ["--app-dir", str(_SERVERS), "--port", str(port)]
    return [sys.executable, "-m", "uvicorn", f"{module}:app", *place, *fast]


def _installed(package: str, command: str) -> Path:
    """The script of a package's command; npm fetches the package unless it has it.

    The script is started without npm and its shell, so that the process that is measured is the server itself.
    """
    if which("npm") is None or which("node") is None:
        raise Missing("there is no Node.js with npm; scripts/install_bench installs Debian's")
    npm = ["npm", "exec", "--yes", "--prefer-offline", "--loglevel=error", f"--package={package}", "--"]
    find = f'readlink -f "$(command -v {command})"'
    try:
        said = subprocess.run(
            [*npm, "sh", "-c", find], capture_output=True, text=True, check=True, timeout=_NPM_SECONDS
        )
    except subprocess.SubprocessError as error:
        raise Missing(f"npm could not install {package}: {getattr(error, 'stderr', '') or error}".strip()) from None
    return Path(said.stdout.strip())


def _write_mappings(folder: Path, answers: Mapping[str, object]) -> None:
    folder.mkdir(parents=True)
    for name, request in {"view": RESOLVE, "link": SHARE}.items():
        mapping = json.dumps(_mapping(request, json.dumps(answers[name])), indent=2)
        (folder / f"{name}.json").write_text(mapping, encoding="utf-8")


def _mapping(request: Request, body: str) -> dict[str, object]:
    """One path, one body: the cheapest way in which WireMock can match and answer."""
    headers = {"Content-Type": "application/json"}
    return {
        "request": {"method": request.method, "urlPath": request.path},
        "response": {"status": request.status, "body": body, "headers": headers},
    }
