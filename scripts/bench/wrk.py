"""Load as fast as the server takes it, by wrk, which speaks for 16 connections kept alive."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from shutil import which
from string import Template
from typing import NamedTuple

from .errors import BenchError, Missing
from .processes import Running
from .requests import Request

CONNECTIONS = 16
_SAID = re.compile(r"^bench (\{.*\})$", re.MULTILINE)
_STATIC = Template("wrk.method, wrk.path, wrk.body = $method, $path, $body\n$headers\n")
_VARYING = Template(
    """local n = $first - 1
local headers = wrk.headers
$headers
request = function()
  n = n + 1
  $key
  return wrk.format($method, $path, headers, $body)
end
"""
)
_DONE = """done = function(summary)
  local e = summary.errors
  io.write(string.format('bench {"requests": %d, "microseconds": %d, "refused": %d, "broken": %d}\\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout))
end
"""


class Round(NamedTuple):
    """What one run of wrk came to.

    Attributes:
        requests: Answers received.
        seconds: In what time.
        refused: Answers with a status of 400 and above.
        broken: Requests that came to no answer.
    """

    requests: int
    seconds: float
    refused: int
    broken: int

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.requests / self.seconds


def version() -> str:
    """Which wrk there is.

    Raises:
        Missing: There is none.
    """
    command = which("wrk")
    if command is None:
        raise Missing("there is no wrk on the path; scripts/install_bench installs Debian's")
    said = subprocess.run([command, "-v"], capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).split("\n")[0].split(" [")[0]


def script(request: Request, first: int) -> str:
    """The Lua by which wrk makes the request, numbered from `first` on where it varies."""
    headers = "\n".join(f"wrk.headers[{_lua(name)}] = {_lua(value)}" for name, value in request.headers.items())
    body = "nil" if request.body is None else _lua(request.body)
    method, path = _lua(request.method), request.varying_path or _lua(request.path)
    if request.varying_path is None and request.varying_key is None:
        return _STATIC.substitute(method=method, path=path, body=body, headers=headers) + _DONE
    key = f"headers['X-API-Key'] = {request.varying_key}" if request.varying_key else ""
    return _VARYING.substitute(first=first, headers=headers, key=key, method=method, path=path, body=body) + _DONE


def parse(output: str) -> Round:
    """Read what the script wrote at its end.

    Raises:
        BenchError: It wrote nothing.
    """
    said = _SAID.search(output)
    if said is None:
        raise BenchError(f"wrk did not say what it measured, but: {output.strip()[-300:]}")
    found = json.loads(said[1])
    return Round(found["requests"], found["microseconds"] / 1e6, found["refused"], found["broken"])


def require_answers(done: Round, server: str, request: Request) -> None:
    """Take a round for valid only if all its answers were as they should be.

    Raises:
        BenchError: Some were not.
    """
    wanted = done.requests if request.status >= 400 else 0
    if not done.requests or done.broken or done.refused != wanted:
        raise BenchError(f"{server}, {request.name}: not all answers were a {request.status}: {done}")


def load(server: Running, request: Request, seconds: float, folder: Path, first: int = 0) -> Round:
    """Ask as often as can be for some seconds.

    Args:
        server: Who is asked.
        request: What is asked.
        seconds: For how long; wrk takes whole seconds, at least one.
        folder: Where its script may be written.
        first: The number of the first request, where it varies.

    Raises:
        BenchError: Not all answers were as they should be.
    """
    path = folder / "request.lua"
    path.write_text(script(request, first), encoding="utf-8")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(path), server.url]
    done = parse(subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout)
    require_answers(done, server.name, request)
    return done


def _lua(text: str) -> str:
    """A text as a literal of Lua; JSON escapes quotes, backslashes and line ends alike."""
    return json.dumps(text)
