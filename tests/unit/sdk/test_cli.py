"""The command, as a shell calls it."""

import json
import os
import subprocess
import sys

import pytest

from aitronos import __version__, _commands
from aitronos.cli import main

from .stub import (
    COLLECTION,
    KEY,
    ORGANIZATION,
    RESOLVE_PATH,
    SAVE_PATH,
    SHARE_PATH,
    TOKEN,
    TRACK,
    Answer,
    Stub,
    library_edge,
    refusal,
    refusing,
    share_link,
    shared_collection,
    shared_track,
    track_view,
)

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def environment(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and server, from where the command reads them."""
    monkeypatch.setenv("FREDDY_API_KEY", KEY)
    monkeypatch.setenv("AITRONOS_BASE_URL", stub.url)


def run(*arguments: str) -> int:
    """Run the command."""
    sys.argv = ["aitronos", *arguments]
    return main()


@pytest.fixture(autouse=True)
def arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give sys.argv back afterwards."""
    monkeypatch.setattr(sys, "argv", ["aitronos"])


def test_share_track(stub: Stub, capsys: Captured) -> None:
    """A new link is shown whole, since it cannot be seen again."""
    stub.answer(Answer(share_link(), 201))
    assert run("share-track", ORGANIZATION, TRACK, "--expires-in-days", "30", "--visibility", "link_only") == 0
    output = capsys.readouterr().out
    for text in (TOKEN, f"https://api.aitronos.com{RESOLVE_PATH}", "2026-07-28 10:30:00 UTC", "cannot be read again"):
        assert text in output
    [seen] = stub.seen
    assert (seen.path, seen.headers["x-api-key"]) == (SHARE_PATH, KEY)
    assert seen.json == {"visibility": "link_only", "expires_in_days": 30}


def test_share_collection(stub: Stub, capsys: Captured) -> None:
    """Without options the server's defaults hold."""
    stub.answer(Answer(share_link(target_type="collection", expires_at=None), 201))
    assert run("share-collection", ORGANIZATION, COLLECTION) == 0
    assert "never" in capsys.readouterr().out
    assert stub.seen[0].json == {}


def test_resolve_a_track(stub: Stub, capsys: Captured) -> None:
    """A track with its licence in words; no key is sent."""
    assert run("resolve", TOKEN) == 0
    output = capsys.readouterr().out
    for text in ("Late Night Study", "2:00", "no commercial use", "https://cdn.aitronos.com/music/track/...signed"):
        assert text in output
    assert "x-api-key" not in stub.seen[0].headers


def test_resolve_a_track_of_few_facts(stub: Stub, capsys: Captured) -> None:
    """What is not known is said to be so."""
    licence = {**track_view()["licence"], "commercial_use": True, "requires_attribution": True}
    track = track_view(title=None, measured_duration_seconds=None, instrumental=False, licence=licence)
    stub.answer(Answer(shared_track(track=track)))
    assert run("resolve", TOKEN) == 0
    output = capsys.readouterr().out
    for text in ("Untitled track", "unknown", ": commercial use, credit the creator"):
        assert text in output


@pytest.mark.parametrize(("tracks", "text"), [([track_view(title=None)], "Untitled"), ([], "No tracks.")])
def test_resolve_a_collection(stub: Stub, capsys: Captured, tracks: list[object], text: str) -> None:
    """A collection with the list of its tracks."""
    stub.answer(Answer(shared_collection(tracks=tracks)))
    assert run("resolve", f"{stub.url}{RESOLVE_PATH}") == 0
    output = capsys.readouterr().out
    assert "Quiet Hours" in output
    assert text in output


def test_resolve_removed_content(stub: Stub, capsys: Captured) -> None:
    """The creator's removal is told, and scripts see it in the exit code."""
    stub.answer(Answer({"kind": "track", "available": False, "message": "This track was removed by its creator."}))
    assert run("resolve", TOKEN) == 4
    assert capsys.readouterr().out == "This track was removed by its creator.\n"


def test_resolve_an_unknown_kind(stub: Stub, capsys: Captured) -> None:
    """What this version cannot show, it says so."""
    stub.answer(Answer(shared_track(kind="playlist", track=None)))
    assert run("resolve", TOKEN) == 0
    assert "cannot show a playlist" in capsys.readouterr().out


def test_save(stub: Stub, capsys: Captured) -> None:
    """The edge in the library."""
    stub.answer(Answer(library_edge(share_link_id=None), 201))
    assert run("save", TOKEN) == 0
    assert "mlib_6d2f9a4c1e83" in capsys.readouterr().out
    assert stub.seen[0].path == SAVE_PATH


@pytest.mark.parametrize("command", ["resolve", "save"])
def test_token_from_standard_input(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, command: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A token need not stand on the command line, where other users of the machine see it."""
    source = tmp_path_factory.mktemp("input") / "token"
    source.write_text(f"{TOKEN}\n")
    stub.answer(Answer(shared_track() if command == "resolve" else library_edge()))
    with source.open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert run(command, "-") == 0
    assert TOKEN in stub.seen[0].path


@pytest.mark.parametrize(
    ("arguments", "document"),
    [
        (["share-track", ORGANIZATION, TRACK], share_link(note="é")),
        (["share-collection", ORGANIZATION, COLLECTION], share_link()),
        (["resolve", TOKEN], shared_track()),
        (["save", TOKEN], library_edge()),
    ],
)
def test_json(stub: Stub, capsys: Captured, arguments: list[str], document: dict[str, object]) -> None:
    """Programs get the server's answer, all of it."""
    stub.answer(Answer(document, 201))
    assert run(*arguments, "--json") == 0
    assert json.loads(capsys.readouterr().out) == document


@pytest.mark.parametrize(
    ("answer", "code", "line"),
    [
        (refusal(401, message="No key."), 3, "401 RESOURCE_NOT_FOUND: No key. (trace_id req_jkl012mno)"),
        (refusal(403, message="Not yours."), 3, "403"),
        (refusal(404), 4, "404"),
        (refusal(429, {"retry-after": "600"}), 5, "429"),
        (refusal(422), 1, "422"),
        (Answer(b"<html>", 200), 1, "not JSON"),
    ],
)
def test_refusals(stub: Stub, capsys: Captured, answer: Answer, code: int, line: str) -> None:
    """A refusal is one line on standard error, and an exit code."""
    stub.answer(answer)
    assert run("save", TOKEN) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert line in captured.err


def test_a_missing_key_gets_advice(stub: Stub, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forgot the key is told where it belongs."""
    monkeypatch.delenv("FREDDY_API_KEY")
    stub.answer(refusal(401))
    assert run("save", TOKEN) == 3
    assert "Set FREDDY_API_KEY" in capsys.readouterr().err


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch, capsys: Captured, pauses: list[float]) -> None:
    """A server that is not there has an exit code of its own."""
    with refusing() as url:
        monkeypatch.setenv("AITRONOS_BASE_URL", url)
        assert run("resolve", TOKEN) == 6
    assert "could not be reached" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        *(["nonsense"], ["resolve"], ["resolve", "../x"], ["resolve", "https://elsewhere.example/x"], ["--nonsense"]),
        *(["share-track", "org_1", "m", "--expires-in-days", "0"], ["share-track", "org_1", "m", "--visibility", "x"]),
    ],
)
def test_wrong_arguments(stub: Stub, capsys: Captured, arguments: list[str]) -> None:
    """Wrong arguments are one line, exit code 2, and nothing is sent."""
    assert run(*arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert stub.connections == 0


def test_a_wrong_environment(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """So is a wrong environment."""
    monkeypatch.setenv("AITRONOS_BASE_URL", "nonsense")
    assert run("resolve", TOKEN) == 2
    assert "base_url must be" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_help(capsys: Captured, arguments: list[str]) -> None:
    """Help names the commands, the environment and the exit codes."""
    assert run(*arguments) == 0
    output = capsys.readouterr().out
    for text in ("share-track", "share-collection", "resolve", "save", "FREDDY_API_KEY", "Exit codes"):
        assert text in output


def test_version(capsys: Captured) -> None:
    """The version of the package."""
    assert run("--version") == 0
    assert __version__ in capsys.readouterr().out


def test_the_key_is_no_option(capsys: Captured) -> None:
    """Nothing on the command line takes the key."""
    for command in _commands.app.commands.values():
        assert [parameter.name for parameter in command.params if "key" in str(parameter.name)] == []


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the command without a traceback."""

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aitronos.client.Aitronos.__enter__", interrupt)
    assert run("resolve", TOKEN) == 1


def in_a_shell(stub: Stub, line: str, **environment: str) -> tuple[int, str]:
    """Run a line of a shell, in which `aitronos` is the command; its exit code and standard error."""
    script = "import sys; from aitronos.cli import main; sys.exit(main())"
    whole = f"aitronos() {{ '{sys.executable}' -c '{script}' \"$@\"; }}; set -o pipefail; {line}"
    settings = {**os.environ, "AITRONOS_BASE_URL": stub.url, **environment}
    result = subprocess.run(["bash", "-c", whole], env=settings, capture_output=True, text=True, check=False)
    return result.returncode, result.stderr


@pytest.mark.parametrize("form", ["", "--json"])
@pytest.mark.parametrize("sink", ["> /dev/full", "| exec 0<&-"])
def test_an_answer_that_cannot_be_written(stub: Stub, sink: str, form: str) -> None:
    """A link whose token nobody saw is not passed over: one line says so, and an exit code of its own."""
    stub.answer(Answer(share_link(), 201))
    code, complaint = in_a_shell(stub, f"aitronos share-track {ORGANIZATION} {TRACK} {form} {sink}")
    assert (code, len(complaint.splitlines()), len(stub.seen)) == (7, 1, 1)
    assert "the call succeeded" in complaint
    assert "token is lost" in complaint
    assert TOKEN not in complaint


def test_a_closed_output(stub: Stub) -> None:
    """Where nothing can be shown from the start, no link is made."""
    code, complaint = in_a_shell(stub, f"aitronos share-track {ORGANIZATION} {TRACK} >&-")
    assert (code, len(complaint.splitlines()), stub.connections) == (7, 1, 0)
    assert "nothing was sent" in complaint


def test_help_that_cannot_be_written(stub: Stub) -> None:
    """Help to nobody is no reason for a traceback."""
    assert in_a_shell(stub, "aitronos --help > /dev/full") == (7, "")


@pytest.mark.parametrize("sink", ["2> /dev/full", "2>&-", ">&- 2>&-"])
def test_a_complaint_that_cannot_be_written(stub: Stub, sink: str) -> None:
    """The exit code remains."""
    assert in_a_shell(stub, f"aitronos nonsense {sink}") == (7 if ">&- 2" in sink else 2, "")


@pytest.mark.parametrize("source", ["<&-", "< <(printf '\\xff\\n')"])
def test_an_unreadable_input(stub: Stub, source: str) -> None:
    """Standard input that is closed, or no text, is one line and exit code 2."""
    code, complaint = in_a_shell(stub, f"aitronos resolve - {source}", PYTHONIOENCODING="utf-8:strict")
    assert (code, len(complaint.splitlines()), stub.connections) == (2, 1, 0)
    assert "standard input cannot be read as text" in complaint


def test_json_holds_no_control_characters(stub: Stub, capsys: Captured) -> None:
    """JSON on a terminal commands nothing, C1 controls included, and programs read the same."""
    stub.answer(Answer(shared_track(note="\x9b2J\x7f\x1b")))
    assert run("resolve", TOKEN, "--json") == 0
    output = capsys.readouterr().out
    assert [char for char in output if not char.isprintable()] == ["\n"] * output.count("\n")
    assert json.loads(output)["note"] == "\x9b2J\x7f\x1b"


def test_control_characters_of_a_server(stub: Stub, capsys: Captured) -> None:
    """A title cannot command the terminal, and is no markup."""
    stub.answer(Answer(shared_track(track=track_view(title="\x1b[2J[red]x[/red]"))))
    assert run("resolve", TOKEN) == 0
    assert "�[2J[red]x[/red]" in capsys.readouterr().out


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    """Without its libraries the command says how to get them."""
    monkeypatch.setitem(sys.modules, "click", None)
    monkeypatch.delitem(sys.modules, "aitronos._commands")
    monkeypatch.delattr("aitronos._commands")
    assert run("resolve", TOKEN) == 2
    assert "pip install 'aitronos-sdk[cli]'" in capsys.readouterr().err


def test_a_terminal_of_few_characters(stub: Stub) -> None:
    """A title that the terminal cannot show is shown as far as it can."""
    stub.answer(Answer(shared_track(track=track_view(title="Étude 夜"))))
    environment = {**os.environ, "AITRONOS_BASE_URL": stub.url, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    script = "import sys; from aitronos.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", script, "resolve", TOKEN]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "?tude ?" in result.stdout
