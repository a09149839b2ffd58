"""`aitronos-mock serve` as a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path


class Served:
    """The command `aitronos-mock serve`, running as a process of its own."""

    def __init__(self, log: Path, *options: str) -> None:
        self._log = log
        command = [str(Path(sys.executable).with_name("aitronos-mock")), "serve", "--port", "0", *options]
        with log.open("wb") as stderr:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        assert self.process.stdout is not None
        self.ready = self.process.stdout.readline()
        self.url = self.ready.rpartition(" ")[2].strip()
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        self.address = (host.strip("[]"), int(port or 0))

    def connect(self) -> socket.socket:
        """A connection to the server; a server that does not answer fails the test instead of stopping it."""
        return socket.create_connection(self.address, timeout=20)

    def exchange(self, sent: bytes) -> bytes:
        """Everything that the server answers to these bytes until it closes the connection."""
        with self.connect() as connection:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process by a signal; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=20)

    def log(self) -> str:
        """What it wrote on stderr so far."""
        return self._log.read_text("utf-8")

    def close(self) -> None:
        """Make sure that it ended."""
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout is not None
        self.process.stdout.close()
