"""The files in mock_server/deploy, which run the mock shared."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from aitronos_mock.cli import cli

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "mock_server" / "deploy"
COMMAND = "/opt/aitronos-mock/bin/aitronos-mock"


def _understood(arguments: list[str]) -> dict[str, Any]:
    """What `aitronos-mock` reads in these arguments; the test fails where it refuses them."""
    name, *rest = arguments
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return dict(command.make_context(name, rest).params)


def _variables() -> set[str]:
    """The environment variables that `aitronos-mock serve` reads."""
    serve = cli.get_command(click.Context(cli), "serve")
    assert serve is not None
    return {str(each.envvar) for each in serve.params if each.envvar}


@pytest.fixture(scope="module")
def unit() -> ConfigParser:
    """The systemd unit."""
    parser = ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # its names have capitals
    parser.read(DEPLOY / "aitronos-mock.service", "utf-8")
    return parser


@pytest.fixture(scope="module")
def compose() -> Any:
    """The compose file."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def instructions() -> dict[str, list[str]]:
    """The instructions of the container file, by name."""
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            found.setdefault(name, []).append(rest)
    return found


@pytest.fixture(scope="module")
def proxy() -> str:
    """The configuration of the proxy, without comments."""
    return re.sub("#.*", "", (DEPLOY / "nginx.conf").read_text("utf-8"))


def test_the_unit_starts_what_there_is(unit: ConfigParser) -> None:
    """The command knows its options, and the variables that the unit speaks of."""
    command, *arguments = shlex.split(unit["Service"]["ExecStart"])
    read = _understood(arguments)

    assert COMMAND == command
    assert (4, 8000, "json") == (read["workers"], read["port"], read["log_format"])
    named = set(re.findall(r"\bAITRONOS_[A-Z_]+", (DEPLOY / "aitronos-mock.service").read_text("utf-8")))
    assert named <= _variables()
    assert {"AITRONOS_MOCK_DATABASE", "AITRONOS_MOCK_RATE_LIMIT_STORE", "AITRONOS_MOCK_CONTROL_TOKEN"} == named


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="LEFT OUT: there is no systemd-analyze here")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    """Every setting is one that it knows; the command is put where this machine has it."""
    text = (DEPLOY / "aitronos-mock.service").read_text("utf-8")
    here = tmp_path / "aitronos-mock.service"
    here.write_text(text.replace(COMMAND, str(Path(sys.executable).with_name("aitronos-mock"))))
    checked = subprocess.run(["systemd-analyze", "verify", here], capture_output=True, text=True, check=False)

    assert (0, []) == (checked.returncode, [line for line in checked.stderr.splitlines() if here.name in line])


def test_the_image_has_what_it_needs(instructions: dict[str, list[str]]) -> None:
    """It is built from folders that there are, with a Python that is new enough, and starts a command that there is."""
    project = tomllib.loads((ROOT / "mock_server" / "pyproject.toml").read_text("utf-8"))["project"]
    (base,) = instructions["FROM"]
    release = re.fullmatch(r"python:3\.(\d+)-slim", base)

    assert release is not None
    assert int(release[1]) >= int(re.fullmatch(r">=3\.(\d+)", project["requires-python"])[1])  # type: ignore[index] # it is of this form
    assert [(ROOT / source).is_dir() for source, _ in (each.split() for each in instructions["COPY"])] == [True, True]
    extras = re.search(r"\[(.+)\]", instructions["RUN"][0])
    assert extras is not None
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])
    assert list(project["scripts"]) == yaml.safe_load(instructions["ENTRYPOINT"][0])
    assert ["nobody"] == instructions["USER"]
    assert "0.0.0.0" == _understood(yaml.safe_load(instructions["CMD"][0]))["host"]  # noqa: S104 - within a container


def test_the_image_can_be_built(instructions: dict[str, list[str]], tmp_path: Path) -> None:
    """What is copied into it, links as links, is all that the package is built from."""
    for source, target in (each.split() for each in instructions["COPY"]):
        shutil.copytree(ROOT / source, tmp_path / target.lstrip("/"), symlinks=True)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(build, cwd=tmp_path / "src" / "mock_server", capture_output=True, text=True, check=False)

    assert (0, 1) == (built.returncode, len([*tmp_path.glob("*.whl")])), built.stderr


def test_the_compose_file_starts_what_there_is(compose: Any) -> None:
    """The image is built from this repository, and its command knows its options and variables."""
    mock = compose["services"]["mock"]
    context = (DEPLOY / mock["build"]["context"]).resolve()

    assert ROOT == context
    assert (context / mock["build"]["dockerfile"]).is_file()
    assert 2 == _understood(mock["command"])["workers"]
    assert set(mock["environment"]) <= _variables()


def test_the_compose_file_hangs_together(compose: Any) -> None:
    """What services wait for, mount and belong to is there."""
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        assert set(service.get("networks", ())) <= set(compose["networks"])
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert (DEPLOY / source).is_file() if source.startswith(".") else source in compose["volumes"]
    assert services["database"]["environment"]["POSTGRES_USER"] == "mock"
    assert "redis://limits" == services["mock"]["environment"]["AITRONOS_MOCK_RATE_LIMIT_STORE"]
    assert "limits" in services
    url = services["mock"]["environment"]["AITRONOS_MOCK_DATABASE"]
    assert re.fullmatch(r"postgresql://mock:\$\{POSTGRES_PASSWORD\}@database/mock", url)


def test_the_proxy_is_the_one_that_is_trusted(compose: Any, proxy: str) -> None:
    """Only the network that it shares with the mock is believed, and it is where the mock listens."""
    trusted = _understood(compose["services"]["mock"]["command"])["trusted_proxies"]
    (subnet,) = (each["subnet"] for each in compose["networks"]["front"]["ipam"]["config"])

    assert [ip_network(subnet)] == list(trusted)
    assert ["front"] == compose["services"]["proxy"]["networks"]
    assert "server mock:8000;" in proxy
    assert 8000 == _understood(compose["services"]["mock"]["command"])["port"]
    (port,) = (published.rpartition(":")[2] for published in compose["services"]["proxy"]["ports"])
    assert f"listen {port};" in proxy


def test_the_proxy_says_what_the_mock_reads(proxy: str) -> None:
    """Who asked, over what and by which name; its blocks and lines are whole."""
    told = set(re.findall(r"proxy_set_header (X-Forwarded-\w+)", proxy))

    assert {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} == told
    assert proxy.count("{") == proxy.count("}")
    assert [] == [line for line in map(str.strip, proxy.splitlines()) if line and line[-1] not in "{};"]
    name = re.search(r"server_name (\S+);", proxy)
    assert name is not None
    assert name[1] in (DEPLOY / "compose.yaml").read_text("utf-8")


def test_the_proxy_waits_for_the_longest_latency(proxy: str) -> None:
    """A fault may hold an answer back for a minute, and the proxy shall not answer in its place."""
    described = yaml.safe_load((ROOT / "mock_server/aitronos_mock/control/openapi.yaml").read_text("utf-8"))
    latency, _ = described["components"]["schemas"]["FaultPlan"]["properties"]["latency_ms"]["oneOf"]
    patience = re.search(r"proxy_read_timeout (\d+)s;", proxy)

    assert patience is not None
    assert latency["maximum"] < 1000 * int(patience[1])


def test_the_readme_names_every_file() -> None:
    """Nobody has to look for what is there."""
    readme = (ROOT / "mock_server" / "README.md").read_text("utf-8")

    assert [] == [path.name for path in DEPLOY.iterdir() if f"`deploy/{path.name}`" not in readme]
