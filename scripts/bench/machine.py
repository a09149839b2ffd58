"""The machine: what it is, and which of its cores does what."""

from __future__ import annotations

import compileall
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import NamedTuple

from .errors import Missing

_PACKAGES = ("aitronos-mock-server", "aitronos-sdk", "uvicorn", "uvloop", "httptools", "starlette", "fastapi", "httpx")


class Cores(NamedTuple):
    """One core for each side, so that neither takes time from the other.

    Attributes:
        server: Runs the servers.
        load: Runs the load, and this program.
    """

    server: int
    load: int


def cores() -> Cores:
    """The first two cores that this process may use.

    Raises:
        Missing: There are fewer.
    """
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise Missing("the benchmark needs two cores, one for the server and one for the load")
    return Cores(usable[0], usable[1])


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run on one core, and have what is started meanwhile run there for good."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def resident_bytes(pid: int) -> int:
    """The memory of a process that is in RAM now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise Missing(f"the system does not tell the memory of process {pid}")
    return int(found[1]) * 1024


def description() -> dict[str, str]:
    """What the figures depend on, by name."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB",
        "system": f"{_system()}, Linux {platform.release().partition('-')[0]}",
        "load before": f"{os.getloadavg()[0]:.2f}",
        "Python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
        **_tools(),
    }


def compile_packages(*names: str) -> None:
    """Leave bytecode beside the sources of packages, as pip does where it installs them.

    Where the sources are those of a checkout and nothing may write bytecode, every start would compile them.
    """
    for name in names:
        found = find_spec(name)
        for folder in (found and found.submodule_search_locations) or []:
            compileall.compile_dir(folder, quiet=1)


def filesystem(folder: Path) -> str:
    """What kind of file system a folder is on; on tmpfs, what is called durable is not."""
    said = subprocess.run(["stat", "-f", "-c", "%T", str(folder)], capture_output=True, text=True, check=True)
    return said.stdout.strip()


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    except OSError:
        return "Linux"


def _tools() -> dict[str, str]:
    commands = {"Node.js": ["node", "--version"], "Java": ["java", "-version"]}
    return {name: _first_line(command) for name, command in commands.items() if which(command[0])}


def _first_line(command: list[str]) -> str:
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).split("\n")[0]
