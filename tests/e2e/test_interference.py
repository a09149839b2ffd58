"""Many tests at once, each with a sandbox, on one mock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

TESTS, WORKERS = 1000, 8

SUITE = '''
from datetime import UTC, datetime, timedelta

import pytest
from aitronos import InternalServerError, NotFoundError
from aitronos_mock.testing import Sandbox, seeded


@pytest.mark.parametrize("number", range({tests}))
def test_nobody_else_is_here(number: int, aitronos_mock, aitronos_sandbox: Sandbox) -> None:
    """Every test changes the same links of the same world, at another time, and sees its own changes alone."""
    sandbox, client = aitronos_sandbox, aitronos_sandbox.client(max_retries=0)
    moment = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=number)
    assert sandbox.clock.freeze(moment) == moment
    links = [client.music.share_track(seeded.ORGANIZATION, seeded.TRACK) for _ in range(number % 3)]
    assert client.music.resolve_share(seeded.TRACK_TOKEN).available is True
    sandbox.revoke(seeded.TRACK_LINK)
    with pytest.raises(NotFoundError):
        client.music.resolve_share(seeded.TRACK_TOKEN)
    sandbox.faults.add(operation="saveSharedTrack", status=500, times=1)
    with pytest.raises(InternalServerError):
        client.music.save_shared_track(seeded.COLLECTION_TOKEN)
    assert [link.created_at for link in links] == [moment] * len(links)
    assert [entry["outcome"] for entry in sandbox.audit()] == ["opened", "revoked"]
    sandbox.journal.assert_operations(
        *["shareTrack"] * len(links), "resolveShare", "resolveShare", "saveSharedTrack"
    )
    print("mock", aitronos_mock.url)
'''


def test_a_thousand_tests_do_not_meet(tmp_path: Path) -> None:
    """1,000 tests in 8 workers share one mock, and none of them sees what another one does."""
    (tmp_path / "test_suite.py").write_text(SUITE.format(tests=TESTS), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-rP", "-n", str(WORKERS), "-p", "no:cacheprovider", "-W", "error"]
    ours = ("AITRONOS_", "FREDDY_", "PYTEST_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert 0 == ended.returncode, ended.stdout[-5000:] + ended.stderr
    mocks = re.findall("^mock (.*)$", ended.stdout, re.MULTILINE)
    assert (TESTS, 1) == (len(mocks), len(set(mocks)))
