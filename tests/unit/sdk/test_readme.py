"""Every snippet of the README runs, against a server that answers as the documentation does."""

import re
import shlex
from pathlib import Path

import pytest

from aitronos import _commands, errors

from .stub import KEY, TOKEN, Answer, Connection, Seen, Stub, library_edge, refusal, share_link, shared_track

README = Path(__file__).parents[3] / "sdk" / "README.md"
TEXT = README.read_text("utf-8")
SNIPPETS = [
    pytest.param(found[1], id=f"line {TEXT.count(chr(10), 0, found.start()) + 2}")
    for found in re.finditer(r"```python\n(.*?)```", TEXT, re.DOTALL)
]
COMMANDS = re.findall(r"^aitronos (.*)$", TEXT, re.M)


def documented(seen: Seen, url: str) -> Answer:
    """The answer of the documentation, with share URLs of this server."""
    if seen.path.endswith("/save"):
        return Answer(library_edge(), 201)
    if seen.path.endswith("/share"):
        return Answer(share_link(url=f"{url}/v1/music/shared/{TOKEN}"), 201)
    return Answer(shared_track()) if TOKEN in seen.path else refusal(404)


def serve(connection: Connection, stub: Stub) -> None:
    """Answer as the documentation does, for as long as requests come."""
    while seen := stub.read(connection):
        connection.socket.sendall(documented(seen, stub.url).encoded())


@pytest.fixture(autouse=True)
def environment(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that the README speaks of."""
    stub.answer(serve)
    monkeypatch.setenv("FREDDY_API_KEY", KEY)
    monkeypatch.setenv("AITRONOS_BASE_URL", stub.url)


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippets_run(snippet: str, stub: Stub) -> None:
    """A snippet runs as it stands."""
    exec(compile(snippet, str(README), "exec"), {})  # noqa: S102 - it is our own
    assert stub.seen != []


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_run(command: str, stub: Stub) -> None:
    """So does every command."""
    assert _commands.run(shlex.split(command)) == 0
    assert len(stub.seen) == 1


def test_every_section_has_a_snippet() -> None:
    """Each capability is shown; forks and threads are said."""
    sections = re.split(r"^## ", TEXT, flags=re.M)[1:]
    shown = [section for section in sections if "```" in section]
    assert [section.partition("\n")[0] for section in sections if section not in shown] == ["Threads and processes"]


def test_every_error_is_listed() -> None:
    """The table of errors has every class."""
    names = [name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, Exception)]
    assert [name for name in names if f"`{name}`" not in TEXT] == []
