"""A private server of Valkey or Redis."""

from __future__ import annotations

import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from find_valkey import find_valkey

NO_SERVER = "LEFT OUT: there is neither a valkey-server nor a redis-server on the path"
"""Why a test that needs one is skipped."""

NO_CLIENT = "LEFT OUT: redis-py, which speaks to Valkey and Redis, is not installed"
"""Why a test that speaks to one is skipped."""

PASSWORD = "S3cret-of-the-store"
"""What it demands of everybody."""

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.01


class Valkey:
    """A server of its own, on a free port of the loopback, which keeps nothing and wants a password.

    Args:
        folder: Where its log goes.
        command: Starts a server.
        certificates: A folder with `ca.pem`, and `server.pem` and `server.key` for 127.0.0.1, of a server that speaks
            TLS alone; None is one that does not.
    """

    def __init__(self, folder: Path, command: Path, certificates: Path | None = None) -> None:
        self._folder = folder
        self._command = command
        self._certificates = certificates
        self._process: subprocess.Popen[bytes] | None = None
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]

    @property
    def url(self) -> str:
        """Its URL, with the password, and without a word on whom to trust."""
        return f"{'rediss' if self._certificates else 'redis'}://:{PASSWORD}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {"bind": "127.0.0.1", "requirepass": PASSWORD, "save": "", "dir": self._folder, **self._listening()}
        arguments = [str(part) for name, value in settings.items() for part in (f"--{name}", value)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([self._command, *arguments], stdout=log, stderr=log)
        end = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert time.monotonic() < end, (self._folder / "log").read_text("utf-8")
            assert self._process.poll() is None, (self._folder / "log").read_text("utf-8")
            time.sleep(_PAUSE_SECONDS)

    def kill(self) -> None:
        """Kill it as `kill -9` does; what it had is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=_PATIENCE_SECONDS)
            self._process = None

    def halt(self) -> None:
        """Let it keep its connections and answer nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer again."""
        self._signal(signal.SIGCONT)

    def command(self, *words: str) -> bytes:
        """What it answers to a command, as it is on the wire."""
        with self._connected() as connection:
            connection.sendall(f"AUTH {PASSWORD}\r\n{' '.join(words)}\r\nQUIT\r\n".encode())
            with connection.makefile("rb") as answers:
                return answers.read().removeprefix(b"+OK\r\n").removesuffix(b"+OK\r\n")

    def _listening(self) -> dict[str, object]:
        if self._certificates is None:
            return {"port": self.port}
        files = {"ca-cert": "ca.pem", "cert": "server.pem", "key": "server.key"}
        tls = {f"tls-{name}-file": self._certificates / file for name, file in files.items()}
        return {"port": 0, "tls-port": self.port, "tls-auth-clients": "no", **tls}

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE_SECONDS)
        if self._certificates is None:
            return connection
        trusting = ssl.create_default_context(cafile=str(self._certificates / "ca.pem"))
        return trusting.wrap_socket(connection, server_hostname="127.0.0.1")

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            return self.command("PING") == b"+PONG\r\n"
        except OSError:
            return False


@contextmanager
def running_valkey(certificates: Path | None = None) -> Iterator[Valkey]:
    """A server that is thrown away in the end; a test that this machine cannot run is skipped, and says so."""
    command = find_valkey()
    if command is None:
        pytest.skip(NO_SERVER)
    if find_spec("redis") is None:
        pytest.skip(NO_CLIENT)
    folder = Path(tempfile.mkdtemp(prefix="valkey-"))
    server = Valkey(folder, command, certificates)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder)
