"""Measure the mock beside its peers and the SDK beside raw httpx, and say which goals are reached.

    python -m scripts.bench                                  some ten minutes, on a machine that does nothing else
    python -m scripts.bench --json bench.json --svg bench.svg
    python -m scripts.bench --quick                          a minute or two, to see that everything works

Servers run on one core of this machine and are asked from another one, over loopback only. A goal that is not reached
is said, and fails nothing: the exit code is 2 where there was nothing to measure with, 1 where a measurement broke.
"""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from . import growth, machine, peers, report, sdk, stores, suites, wrk
from .chart import as_svg
from .errors import BenchError, Missing
from .figures import Figures
from .goals import goals
from .mocks import mock
from .plan import FULL, QUICK, Plan
from .throughput import starts, throughput


def main(arguments: list[str] | None = None) -> int:
    """Measure and report; the exit code."""
    options = _options(arguments)
    try:
        run = _run(QUICK if options.quick else FULL)
    except Missing as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(report.as_table(run), end="")
    for path, write in ((options.json, report.as_json), (options.svg, as_svg)):
        if path is not None:
            path.write_text(write(run), encoding="utf-8")
    return 0 if run.complete else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m scripts.bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="see that everything works; the figures say nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every measurement there")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write a chart of the answers per second there")
    return parser.parse_args(arguments)


def _run(plan: Plan) -> report.Run:
    found = {**machine.description(), "wrk": wrk.version(), **peers.VERSIONS}
    cores, figures = machine.cores(), Figures()
    machine.compile_packages("aitronos_mock", "aitronos")
    with tempfile.TemporaryDirectory(prefix="aitronos-bench-") as name, machine.pinned(cores.load):
        folder = Path(name)
        found["disk"] = machine.filesystem(folder)
        went_through = [_measured(stage, figures) for stage in _stages(plan, cores, folder, figures).items()]
    return report.Run(found, figures, goals(figures, plan), plan is QUICK, all(went_through))


def _stages(plan: Plan, cores: machine.Cores, folder: Path, figures: Figures) -> dict[str, Callable[[], None]]:
    peers.write_answers(folder)
    others, bare = list(peers.available(folder, cores, figures)), peers.bare(folder)
    return {
        "starts": lambda: starts([mock(folder), *others], plan, cores, figures),
        "throughput": lambda: throughput(others, folder, plan, cores, figures),
        "links": lambda: growth.links(folder, plan, cores, figures),
        "sandboxes": lambda: growth.sandboxes(folder, plan, cores, figures),
        "stores": lambda: stores.stores(folder, plan, cores, figures),
        "sessions of pytest": lambda: suites.sessions(folder, plan, figures),
        "imports of the SDK": lambda: sdk.imports(bare, plan, cores, figures),
        "calls of the SDK": lambda: sdk.calls(bare, plan, cores, figures),
        "parsing of the SDK": lambda: sdk.parsing(plan, figures),
    }


def _measured(stage: tuple[str, Callable[[], None]], figures: Figures) -> bool:
    """Take one stage; where it breaks, it counts as left out, and the others still have their turn."""
    name, measure = stage
    start = time.monotonic()
    try:
        measure()
    except (BenchError, OSError, subprocess.SubprocessError, http.client.HTTPException) as error:
        figures.leave_out(f"the rest of: {name}", str(error))
        return False
    print(f"bench: {name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    return True


if __name__ == "__main__":
    sys.exit(main())
