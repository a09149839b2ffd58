"""The mock's control plane, over one kept connection."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from .errors import BenchError
from .processes import Running

_SANDBOXES = "/_mock/sandboxes"


class ControlPlane:
    """Makes sandboxes and throws them away.

    Args:
        connection: Leads to the mock.
    """

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self._connection = connection

    def create(self, name: str) -> None:
        """Make a sandbox with the seed `docs`."""
        self._call("POST", _SANDBOXES, {"name": name}, 201)

    def delete(self, name: str) -> None:
        """Throw a sandbox away."""
        self._call("DELETE", f"{_SANDBOXES}/{name}", None, 204)

    def life(self, name: str) -> float:
        """Make a sandbox and throw it away; the seconds that both took."""
        start = time.perf_counter()
        self.create(name)
        self.delete(name)
        return time.perf_counter() - start

    def _call(self, method: str, path: str, body: dict[str, Any] | None, status: int) -> None:
        content = None if body is None else json.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status != status:
            raise BenchError(f"{method} {path}: {answer.status} {said[:200]!r}")


@contextmanager
def control_plane(server: Running) -> Iterator[ControlPlane]:
    """Connect to the control plane of a mock."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        yield ControlPlane(connection)
