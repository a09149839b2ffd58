"""The committed cassettes are what the mock says today, and the recorder keeps secrets and tells what it left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from aitronos_mock.cassettes import STAMPS
from aitronos_mock.cassettes.stamps import Stamp, contract_digest, digest, read_stamps, write_stamps

from .documented import ROOT
from .serving import running_mock

SCRIPT = ROOT / "scripts" / "record_cassettes.py"
COMMITTED = ROOT / "tests" / "contract" / "cassettes"
PREFIX = "AITRONOS_CASSETTES_"
SECRETS = {
    "OWNER_KEY": "your-api-key",
    "OUTSIDER_KEY": "outsider-api-key",
    "RECIPIENT_KEY": "recipient-api-key",
    "REVOKED_TOKEN": "shr_11111111111111111111111111111111",
    "EXPIRED_TOKEN": "shr_22222222222222222222222222222222",
}
IDENTIFIERS = {
    "organization": "org_abc123",
    "track": "mtrack_b4d9e1c6a72f",
    "collection": "mcoll_5e8a1d3f9c27",
    "foreign-track": "mtrack_6b4a2c8e0d1f",
    "removed-track": "mtrack_d0e1f2a3b4c5",
}
NAMES = {path.relative_to(COMMITTED).with_suffix("").as_posix() for path in COMMITTED.rglob("*.yaml")}


def record(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the recorder with these options, and nothing in its environment but what is given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment = inherited | {PREFIX + name: value for name, value in settings.items()}
    return subprocess.run([sys.executable, str(SCRIPT), *options], env=environment, capture_output=True, text=True)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, without the stamps, which name a day."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != STAMPS}


def left_out(ended: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The scenarios that were left out loudly, with their reasons."""
    lines = [
        line.removeprefix("!!! LEFT OUT ") for line in ended.stderr.splitlines() if line.startswith("!!! LEFT OUT")
    ]
    return dict(line.split(": ", 1) for line in lines)


def test_a_fresh_recording_is_what_is_committed(tmp_path: Path) -> None:
    """Recorded again, every cassette has the bytes that are committed, and there are no others."""
    ended = record("--into", str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert files(COMMITTED) == files(tmp_path)
    assert (ended.stderr, len(NAMES)) == ("", len(files(tmp_path)))


def test_the_check_is_content_with_what_is_committed() -> None:
    """`--check` says so and exits with 0."""
    ended = record("--check")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout == f"Cassettes are up to date: {len(NAMES)} recorded, 0 left out.\n"


def test_the_check_shows_what_is_stale(tmp_path: Path) -> None:
    """A changed, a missing and a stray cassette fail the check with a diff each, and nothing is written."""
    shutil.copytree(COMMITTED, tmp_path, dirs_exist_ok=True)
    changed, missing = tmp_path / "shareTrack/201-expiring.yaml", tmp_path / "unrouted/404-unknown_path.yaml"
    changed.write_text(changed.read_text("ascii").replace('"visibility": "link_only"', '"visibility": "open"'), "ascii")
    missing.rename(tmp_path / "stray.yaml")
    before = files(tmp_path)
    ended = record("--check", "--into", str(tmp_path))
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    heads = ("shareTrack/201-expiring", "stray", "unrouted/404-unknown_path")
    assert [line for line in lines if line.startswith("---")] == [f"--- {name} (present)" for name in heads]
    assert '-          "visibility": "open",' in lines
    assert '+          "visibility": "link_only",' in lines
    assert before == files(tmp_path)


def test_recording_repairs_what_is_stale(tmp_path: Path) -> None:
    """Without `--check`, the folder is as committed afterwards: strays go, what is missing comes."""
    (tmp_path / "stray.yaml").touch()
    ended = record("--into", str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert files(COMMITTED) == files(tmp_path)


def test_a_server_that_runs_already_is_recorded(tmp_path: Path) -> None:
    """With its keys and ids, a server's cassettes have the same bytes; what it lacks is left out, with the reason."""
    options = [part for name, value in IDENTIFIERS.items() for part in (f"--{name}", value)]
    with running_mock("--seed", "docs") as url:
        ended = record("--base-url", url, "--into", str(tmp_path), *options, **SECRETS)
    assert ended.returncode == 0, ended.stderr
    reasons, recorded = left_out(ended), files(tmp_path)
    assert recorded == {name: text for name, text in files(COMMITTED).items() if name in recorded}
    assert reasons.keys() | {name.removesuffix(".yaml") for name in recorded} == NAMES
    assert reasons == {
        "shareCollection/404-not_owner": "needs FOREIGN_COLLECTION: a collection of another member's",
        "shareCollection/404-removed": "needs REMOVED_COLLECTION: a collection that the owner removed",
        "resolveShare/200-empty_collection": (
            "needs EMPTY_COLLECTION_TOKEN: token of a living link to a collection without tracks"
        ),
        "resolveShare/200-removed_track": "needs REMOVED_TRACK_TOKEN: token of a living link to a removed track",
        "resolveShare/200-removed_collection": (
            "needs REMOVED_COLLECTION_TOKEN: token of a living link to a removed collection"
        ),
        "resolveShare/404-over_limit": "needs OVER_LIMIT_TOKEN: token of a link that opened as often as it may",
        "resolveShare/429-client_ip": "needs a server that grants one open a minute, which only a mock does",
        "saveSharedTrack/404-over_limit": "needs OVER_LIMIT_TOKEN: token of a link that opened as often as it may",
        "saveSharedTrack/404-removed": "needs REMOVED_TRACK_TOKEN: token of a living link to a removed track",
    }


def test_what_a_server_lacks_stays_as_it_is(tmp_path: Path) -> None:
    """A recording of a part overwrites that part, and removes nothing that it could not record."""
    shutil.copytree(COMMITTED, tmp_path, dirs_exist_ok=True)
    with running_mock("--seed", "docs") as url:
        ended = record("--base-url", url, "--into", str(tmp_path))
    assert ended.returncode == 0, ended.stderr
    assert set(left_out(ended)) == NAMES - {"unrouted/404-unknown_path"}
    assert files(COMMITTED) == files(tmp_path)


def test_a_recording_is_stamped(tmp_path: Path) -> None:
    """What was recorded is of today and of the contract of today; what could not be recorded keeps its stamp."""
    shutil.copytree(COMMITTED, tmp_path, dirs_exist_ok=True)
    old = {f"{name}.yaml": Stamp("2020-01-01", "", "") for name in NAMES}
    write_stamps(tmp_path, old)
    before = datetime.now(UTC).date()
    with running_mock("--seed", "docs") as url:
        assert record("--base-url", url, "--into", str(tmp_path)).returncode == 0
    recorded = "unrouted/404-unknown_path.yaml"
    stamp = read_stamps(tmp_path)[recorded]
    assert before <= date.fromisoformat(stamp.recorded_on) <= datetime.now(UTC).date()
    assert (contract_digest(), digest(tmp_path / recorded)) == (stamp.contract_sha256, stamp.cassette_sha256)
    assert old | {recorded: stamp} == read_stamps(tmp_path)


def test_stamps_that_cannot_be_read_stop_the_recording(tmp_path: Path) -> None:
    """Nothing is overwritten, the stamps least of all."""
    (tmp_path / STAMPS).write_text("{", "utf-8")
    ended = record("--into", str(tmp_path))
    assert (ended.returncode, files(tmp_path), (tmp_path / STAMPS).read_text("utf-8")) == (2, {}, "{")
    assert "remove it and stamp again" in ended.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "settings", "reason"),
    [
        (("--base-url", "http://127.0.0.1:9"), {"OWNER_KEY": "short"}, "OWNER_KEY has fewer than 8 characters"),
        (("--base-url", "nowhere"), {}, "base_url must be a URL"),
        (("--base-url", "http://127.0.0.1:9"), {}, "the server could not be reached"),
        (("--owner-key", "your-api-key"), {}, "unrecognized arguments"),
    ],
    ids=["short key", "no URL", "nobody there", "key on the command line"],
)
def test_a_mistake_is_told_in_a_line(
    options: tuple[str, ...], settings: dict[str, str], reason: str, tmp_path: Path
) -> None:
    """What cannot be recorded ends with a line that says why, exit code 2, and nothing written."""
    ended = record("--into", str(tmp_path), *options, **settings)
    assert ended.returncode == 2
    assert reason in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
    assert files(tmp_path) == {}
