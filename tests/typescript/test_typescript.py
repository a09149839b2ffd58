"""A TypeScript client, generated from the contract by a public tool, compiled strictly and run by Node.js."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import pytest
import yaml
from tests.e2e.serving import running_mock

HERE = Path(__file__).parent


def npm(*arguments: str) -> str:
    """What an npm command of the package here says where it fails, and nothing where it succeeds."""
    run = subprocess.run(["npm", "--silent", *arguments], cwd=HERE, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr if run.returncode else ""


@pytest.fixture(scope="session")
def built() -> None:
    """The client, generated anew from the contract, and the program that walks with it, compiled."""
    for step in ("generate", "build"):
        if said := npm("run", step):
            pytest.fail(f"npm run {step} failed:\n{said}")


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("sandbox", [None, "typescript"])
def test_a_generated_client_walks_share_open_play_save_and_errors(sandbox: str | None) -> None:
    """The walk ends well against a mock, and against a sandbox of it, whose base URL takes the place of the mock's."""
    with running_mock("--log-level", "error") as url:
        if sandbox:
            url = httpx.post(f"{url}/_mock/sandboxes", json={"name": sandbox}).json()["base_url"]

        assert "" == npm("run", "walk", "--", url)


@pytest.mark.usefixtures("built")
def test_the_walk_calls_every_operation() -> None:
    """The mock's journal has each operation of the contract, so that none is added without being walked."""
    with running_mock("--log-level", "error") as url:
        assert "" == npm("run", "walk", "--", url)
        journal = httpx.get(f"{url}/_mock/requests", trust_env=False).json()["items"]

    described = {
        each["operationId"]
        for item in yaml.safe_load((HERE.parents[1] / "openapi.yaml").read_text("utf-8"))["paths"].values()
        for name, each in item.items()
        if name != "parameters"
    }
    assert described <= {each["operation"] for each in journal}


def test_the_locked_packages_come_from_no_particular_registry() -> None:
    """The lock file names versions and checksums, and leaves the place to the machine that installs."""
    packages = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    locked = {name: package for name, package in packages.items() if name}

    assert [] == [name for name, package in locked.items() if "resolved" in package or "integrity" not in package]
    assert len(locked) > 10
