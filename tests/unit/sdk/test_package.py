"""What is published: a wheel and an sdist that work in a bare environment with what they say they need."""

import ast
import importlib.metadata
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

SDK = Path(__file__).parents[3] / "sdk"
TRY_OUT = """
import httpx
from aitronos import Aitronos, NotFoundError, __version__
answer = httpx.Response(404, json={"error": {"code": "RESOURCE_NOT_FOUND", "message": "No."}})
with httpx.Client(transport=httpx.MockTransport(lambda request: answer)) as http_client:
    try:
        Aitronos(http_client=http_client).music.resolve_share("shr_1")
    except NotFoundError as error:
        print(__version__, error)
"""


def run(*command: object, folder: Path = SDK) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, without the settings of this process."""
    line = [str(part) for part in command]
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(line, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def build(source: Path, target: Path) -> None:
    """Build both archives with the backend that is installed, so that the network is not needed."""
    result = run(sys.executable, "-m", "hatchling", "build", "-d", target, folder=source)
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of wheel and sdist."""
    folder = tmp_path_factory.mktemp("dist")
    build(SDK, folder)
    return folder


def wheel(folder: Path) -> zipfile.ZipFile:
    """The wheel in a folder."""
    [path] = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def needed(name: str, seen: set[str]) -> Iterator[importlib.metadata.Distribution]:
    """An installed distribution and what it needs, as their own metadata have it."""
    if name in seen:
        return
    seen.add(name)
    found = importlib.metadata.distribution(name)
    yield found
    for text in found.requires or []:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield from needed(requirement.name, seen)


@pytest.fixture(scope="module")
def python(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the wheel, attrs, httpx and what those bring, and nothing else."""
    home = tmp_path_factory.mktemp("bare")
    venv.create(home, with_pip=False, symlinks=True)
    [site] = home.glob("lib/python*/site-packages")
    with wheel(dist) as archive:
        archive.extractall(site)  # noqa: S202 - our own archive
    seen: set[str] = set()
    for name in ("attrs", "httpx"):
        for distribution in needed(name, seen):
            for entry in {file.parts[0] for file in distribution.files or [] if file.parts[0] != ".."}:
                if entry != "__pycache__" and not (site / entry).exists():
                    (site / entry).symlink_to(Path(str(distribution.locate_file(entry))))
    return home / "bin" / "python"


def metadata(folder: Path) -> list[str]:
    """The lines of the wheel's metadata."""
    with wheel(folder) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return archive.read(name).decode().splitlines()


def required(folder: Path) -> list[Requirement]:
    """What the wheel says it needs, its extra included."""
    lines = metadata(folder)
    return [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist: ")]


def test_requirements(dist: Path) -> None:
    """A program needs attrs, httpx and parts of httpx that come with it anyway; the command line is an extra."""
    always = {requirement.name for requirement in required(dist) if requirement.marker is None}
    extra = {requirement.name for requirement in required(dist) if requirement.marker is not None}
    assert (always, extra) == ({"anyio", "attrs", "httpcore", "httpx"}, {"click", "rich"})
    assert {"anyio", "httpcore"} <= {distribution.name for distribution in needed("httpx", set())}


def test_interpreter_and_licence(dist: Path) -> None:
    """Installers learn which interpreters will do, readers which licence holds."""
    assert {"Requires-Python: >=3.11", "License-Expression: MIT"} <= set(metadata(dist))


def test_imports_are_required(dist: Path) -> None:
    """What the package imports is Python's own or stands among the requirements, and none of those is for nothing."""
    foreign = {name for file in (SDK / "aitronos").rglob("*.py") for name in imported(file)} - sys.stdlib_module_names
    assert foreign == {requirement.name for requirement in required(dist)}


def imported(file: Path) -> Iterator[str]:
    """The top-level names that a module imports from elsewhere."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module).partition(".")[0]


def test_contents(dist: Path) -> None:
    """The wheel has the package whole, with its type marker and licence, and nothing else."""
    source = {str(path.relative_to(SDK)) for path in (SDK / "aitronos").rglob("*") if path.suffix in {".py", ".typed"}}
    with wheel(dist) as archive:
        names = set(archive.namelist())
    package = {name for name in names if ".dist-info/" not in name}
    assert package == source | {"aitronos/py.typed"}
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_builds_the_same_wheel(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever builds from the sdist gets the same files."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    [path] = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        archive.extractall(source, filter="data")
    [folder] = source.iterdir()
    build(folder, target)
    with wheel(dist) as ours, wheel(target) as theirs:
        assert {name: theirs.read(name) for name in theirs.namelist()} == {
            name: ours.read(name) for name in ours.namelist()
        }


def test_a_bare_environment(python: Path) -> None:
    """The wheel works with nothing but what it says it needs."""
    result = run(python, "-I", "-W", "error", "-c", TRY_OUT)
    assert (result.stdout, result.stderr) == ("6.0.0.dev0 404 RESOURCE_NOT_FOUND: No.\n", "")


def test_the_command_without_its_extra(python: Path) -> None:
    """Without the extra, the command names what is missing."""
    result = run(python, "-I", "-c", "import sys; from aitronos.cli import main; sys.exit(main())")
    assert result.returncode == 2
    assert result.stderr == "aitronos: click is missing. Run: pip install 'aitronos-sdk[cli]'\n"
