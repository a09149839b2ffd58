"""What the READMEs show works as it is shown."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest
import yaml

from .commands import API_KEY, require, run
from .documented import ROOT
from .markdown import Block, blocks
from .serving import running_mock

SHOWN_MOCK = "http://127.0.0.1:8000"
SERVE = "aitronos-mock serve"
DATA: dict[str, Callable[[str], object]] = {"json": json.loads, "yaml": yaml.safe_load}
PROGRAMS = {"python", "sh"}

ELSEWHERE = {
    "pip install": "asks an index for releases; tox installs both distributions before these tests",
    "./scripts/demo": "makes an environment of its own",
    "./scripts/test": "runs these tests",
}
"""Commands that these tests do not run, with the reason."""

NOT_OURS = {"node_modules", "build", "dist"}


@dataclass(frozen=True, slots=True)
class Program:
    """What a reader would run: a shell block, or the Python blocks of one section in a row."""

    language: str
    source: str
    data: tuple[Block, ...]

    @property
    def is_suite(self) -> bool:
        """Whether the blocks are tests, which pytest runs."""
        return self.language == "python" and re.search("^def test_", self.source, re.MULTILINE) is not None

    @property
    def is_server(self) -> bool:
        """Whether the block does nothing but start mocks."""
        return self.language == "sh" and all(line.startswith(SERVE) for line in self.source.splitlines())


def files() -> list[Path]:
    """Every Markdown file of the repository."""
    found = (file.relative_to(ROOT) for file in ROOT.rglob("*.md"))
    return sorted(file for file in found if not any(part in NOT_OURS or part[0] == "." for part in file.parts))


def programs(text: str) -> Iterator[tuple[int, Program]]:
    """What a file has to run, with the line that it begins in."""
    for _, group in groupby(blocks(text), key=lambda block: block.section):
        section = list(group)
        data = tuple(block for block in section if block.language in DATA)
        if python := [block for block in section if block.language == "python"]:
            yield python[0].line, Program("python", _joined(python), data)
        for block in section:
            if block.language == "sh" and (source := _without_what_runs_elsewhere(block.source)):
                yield block.line, Program("sh", source, data)


def _joined(python: list[Block]) -> str:
    """One program with every block at its own lines, so that a traceback names lines of the file."""
    source = ""
    for block in python:
        source += "\n" * (block.line - 1 - source.count("\n")) + block.source
    return source


def _without_what_runs_elsewhere(source: str) -> str:
    kept = (line for line in source.splitlines(keepends=True) if not line.startswith(tuple(ELSEWHERE)))
    return "".join(kept).strip()


FILES = {str(file): (ROOT / file).read_text("utf-8") for file in files()}
ALL_BLOCKS = [pytest.param(block, id=f"{name}:{block.line}") for name, text in FILES.items() for block in blocks(text)]
ALL_PROGRAMS = [
    pytest.param(program, id=f"{name}:{line}-{program.language}")
    for name, text in FILES.items()
    for line, program in programs(text)
]


@pytest.mark.parametrize("block", ALL_BLOCKS)
def test_a_block_has_a_language_that_is_tested(block: Block) -> None:
    """A block is a program that is run below, or data that can be read; there is no third kind."""
    assert block.language in PROGRAMS | DATA.keys()
    if block.language in DATA:
        assert DATA[block.language](block.source)


@pytest.mark.parametrize("program", ALL_PROGRAMS)
def test_a_program_runs_as_it_is_shown(program: Program, mock_url: str, tmp_path: Path) -> None:
    """A program succeeds against a mock with the documentation's world; of a server, it is enough that it starts."""
    lay_out(program, tmp_path)
    if program.is_server:
        for line in program.source.splitlines():
            start(line, tmp_path)
    elif program.is_suite:
        suite = tmp_path / "test_shown.py"
        suite.write_text(program.source, "utf-8")
        command = (sys.executable, "-m", "pytest", "--strict-markers", str(suite))
        run(command, settings(mock_url, tmp_path), "", tmp_path)
    elif program.language == "python":
        run((sys.executable, "-"), settings(mock_url, tmp_path), program.source, tmp_path)
    else:
        assert SERVE not in program.source, "a server needs a block of its own"
        require("curl")
        shown = program.source.replace(SHOWN_MOCK, mock_url)
        run(("sh", "-eu", "-s"), settings(mock_url, tmp_path), shown, tmp_path)


def lay_out(program: Program, folder: Path) -> None:
    """Write the data of the section to the files that the program names."""
    for block in program.data:
        for name in re.findall(rf"[\w-]+\.{block.language}\b", program.source):
            (folder / name).write_text(block.source, "utf-8")


def settings(mock_url: str, folder: Path) -> dict[str, str]:
    """The environment of a reader who has a key and a mock, and a curl that fails on a refusal."""
    (folder / ".curlrc").write_text("fail\nsilent\nshow-error\n", "utf-8")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    mock = {"AITRONOS_BASE_URL": mock_url, "AITRONOS_MOCK_URL": mock_url}
    return {**mock, "FREDDY_API_KEY": API_KEY, "CURL_HOME": str(folder), "PATH": path}


def start(line: str, folder: Path) -> None:
    """Run a line that starts a mock, on a free port instead of the one that is shown, until it is ready."""
    _, _, *options = shlex.split(line.rstrip("& "), comments=True)
    if "--port" in options:
        at = options.index("--port")
        del options[at : at + 2]
    with running_mock(*options, folder=folder):
        pass


def test_every_readme_is_read() -> None:
    """The three READMEs are among the files, and each has a program."""
    shown = {name for name, text in FILES.items() if list(programs(text))}
    assert {"README.md", "mock_server/README.md", "sdk/README.md"} <= shown


@pytest.mark.parametrize("command", ELSEWHERE)
def test_what_runs_elsewhere_is_shown_somewhere(command: str) -> None:
    """No exception outlives the command that it was made for."""
    assert any(line.startswith(command) for text in FILES.values() for line in text.splitlines())


SAMPLE = """\
# First

```python
hidden = 1
```

    ```sh
    pip install something
    curl http://127.0.0.1:8000/v1/music/shared/shr_0
    ```

```python
raise SystemExit(hidden)
```

## Second

```yaml
organizations: []
```

```sh
aitronos-mock serve --seed world.yaml --port 8000 &
```
"""


def test_blocks_are_found_with_their_section_and_line() -> None:
    """Every fence is found, indented ones too, under the heading that it stands under."""
    found = [(block.language, block.section, block.line) for block in blocks(SAMPLE)]
    expected = [("python", "First", 4), ("sh", "First", 8), ("python", "First", 13), ("yaml", "Second", 19)]
    assert [*expected, ("sh", "Second", 23)] == found


def test_python_blocks_of_a_section_share_their_names(mock_url: str, tmp_path: Path) -> None:
    """A later block sees the names of an earlier one, and one that fails fails the test."""
    _, program = next(programs(SAMPLE))
    assert program.source.splitlines()[12] == "raise SystemExit(hidden)"
    with pytest.raises(AssertionError, match="exit code 1"):
        test_a_program_runs_as_it_is_shown(program, mock_url, tmp_path)


def test_a_refused_curl_fails(mock_url: str, tmp_path: Path) -> None:
    """A curl line that the mock refuses is no success, and what runs elsewhere is not run."""
    _, (_, program), _ = programs(SAMPLE)
    assert program.source == "curl http://127.0.0.1:8000/v1/music/shared/shr_0"
    with pytest.raises(AssertionError, match="404"):
        test_a_program_runs_as_it_is_shown(program, mock_url, tmp_path)


def test_a_server_that_does_not_start_fails(mock_url: str, tmp_path: Path) -> None:
    """A server gets the data of its section as the file that it names, and a world that is no world fails."""
    _, _, (_, program) = programs(SAMPLE.replace("organizations: []", "bands: []"))
    with pytest.raises(pytest.fail.Exception, match="unknown field"):
        test_a_program_runs_as_it_is_shown(program, mock_url, tmp_path)


def test_a_server_among_other_commands_fails(mock_url: str, tmp_path: Path) -> None:
    """A block that starts a server and goes on would leave the server behind."""
    program = Program("sh", f"{SERVE} &\necho", ())
    with pytest.raises(AssertionError, match="a block of its own"):
        test_a_program_runs_as_it_is_shown(program, mock_url, tmp_path)


def test_an_unknown_language_fails() -> None:
    """A block in a language that nobody tests is refused."""
    with pytest.raises(AssertionError):
        test_a_block_has_a_language_that_is_tested(Block("ruby", "", "puts 1", 1))


def test_a_fence_without_end_fails() -> None:
    """A file whose last block swallows the rest is refused."""
    with pytest.raises(ValueError, match="line 3"):
        list(blocks("# Title\n\n```sh\necho\n"))
