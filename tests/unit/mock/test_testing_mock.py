"""A mock to test against, and how its sandboxes begin and end."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock import __version__
from aitronos_mock.testing import Mock, MockError, MockRefused, seeded


def names(mock: Mock) -> set[str]:
    """The sandboxes that there are."""
    return {sandbox["name"] for sandbox in mock.control.send("GET", "sandboxes")["items"]}


def test_a_sandbox_is_there_for_a_while(aitronos_mock: Mock) -> None:
    """It is made when the block begins and gone when it ends, whatever ended it."""
    making = aitronos_mock.sandbox()
    sandbox = making.__enter__()
    assert sandbox.name in names(aitronos_mock)
    assert not making.__exit__(RuntimeError, RuntimeError(), None)
    assert sandbox.name not in names(aitronos_mock)


def test_one_that_is_gone_already_is_no_error(aitronos_mock: Mock) -> None:
    """A test may throw its sandbox away itself."""
    with aitronos_mock.sandbox() as sandbox:
        aitronos_mock.control.send("DELETE", "sandboxes", sandbox.name)
    assert sandbox.name not in names(aitronos_mock)


def test_any_other_refusal_at_the_end_is_told(aitronos_mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a sandbox cannot be thrown away, somebody learns of it."""
    with pytest.raises(MockRefused, match="ENDPOINT_NOT_FOUND"), aitronos_mock.sandbox() as sandbox:
        monkeypatch.setattr(sandbox, "name", "")


@pytest.mark.parametrize("moment", ["2026-06-28T10:30:00Z", datetime(2026, 6, 28, 10, 30, tzinfo=UTC)])
def test_a_plan_is_followed(aitronos_mock: Mock, moment: Any) -> None:
    """Seed, clock and determinism are as asked for: the documented answer comes back exactly."""
    with aitronos_mock.sandbox(seed="docs", clock=moment, deterministic=True) as sandbox:
        link = sandbox.client().music.share_track(seeded.ORGANIZATION, seeded.TRACK, expires_in_days=30)
    assert (seeded.TRACK_LINK, seeded.TRACK_TOKEN) == (link.id, link.token)
    assert datetime(2026, 6, 28, 10, 30, tzinfo=UTC) == link.created_at


WORLD = {"organizations": [{"id": "org_mine"}]}


@pytest.mark.parametrize("name", ["world.json", "world.yaml", None])
def test_a_world_of_ones_own(aitronos_mock: Mock, tmp_path: Path, name: str | None) -> None:
    """A fixture is data, or a file in JSON or YAML, which JSON is too."""
    fixture: Any = WORLD
    if name:
        fixture = tmp_path / name
        fixture.write_text('{"organizations": [{"id": "org_mine"}]}', "utf-8")
    with aitronos_mock.sandbox(fixture=fixture) as sandbox:
        assert WORLD["organizations"] == sandbox.state()["organizations"]


def test_a_fixture_that_cannot_be_read_is_named(aitronos_mock: Mock, tmp_path: Path) -> None:
    """A missing file and one that is no data are told in one line with the file."""
    bad = tmp_path / "bad.json"
    bad.write_text("{", "utf-8")
    for path in (tmp_path / "missing.yaml", bad):
        with pytest.raises(MockError, match=rf"^cannot read the fixture {path}: .+"):
            aitronos_mock.sandbox(fixture=path).__enter__()


def test_a_plan_that_makes_no_sense_is_refused(aitronos_mock: Mock) -> None:
    """What the mock refuses comes with its reason, and leaves no sandbox behind."""
    before = names(aitronos_mock)
    plan: Any = {"seed": "nosuch"}
    with pytest.raises(MockRefused, match="VALIDATION_ERROR"), aitronos_mock.sandbox(**plan):
        pass
    assert before >= names(aitronos_mock)


def test_a_clock_without_time_zone_is_refused(aitronos_mock: Mock) -> None:
    """Nobody knows which moment is meant."""
    with pytest.raises(ValueError, match="needs a time zone"), aitronos_mock.sandbox(clock=datetime(2026, 6, 28)):  # noqa: DTZ001 - its lack is the point
        pass


def test_health(aitronos_mock: Mock) -> None:
    """The mock says its version, and where it is."""
    assert {"status": "ok", "version": __version__} == aitronos_mock.health()
    assert aitronos_mock.url.startswith("http://127.0.0.1:")
