"""What is imported of connexion, and what is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

UNUSED = ("httpx", "jinja2", "requests", "starlette.templating", "starlette.testclient")


def said(program: str) -> str:
    """What a program says in a Python of its own, in which every warning is an error."""
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def test_a_start_imports_no_library_that_connexion_alone_would_use() -> None:
    """The mock asks nobody, tests nothing and fills in no templates, so it is ready before those libraries would be."""
    imported = f"print([name for name in {UNUSED!r} if name in sys.modules])"

    assert "[]" == said(f"import sys, aitronos_mock.run; {imported}")


@pytest.mark.parametrize("name", UNUSED)
def test_an_import_gets_the_library_itself(name: str) -> None:
    """Whoever imports such a library later, or did before, has all of it, and nothing that stands in for it."""
    here = "aitronos_mock._connexion"
    asked = f"print(importlib.util.find_spec({name!r}) == importlib.import_module({name!r}).__spec__)"
    quiet = "import importlib.util, warnings; warnings.simplefilter('ignore')"

    assert "True" == said(f"{quiet}; import {here}; {asked}")
    assert "True" == said(f"{quiet}; import {name}, {here}; {asked}")


def test_a_flask_in_the_same_environment_gets_what_it_builds_on(tmp_path: Path) -> None:
    """Where there is a Flask, connexion imports it, and it derives classes from those of jinja2."""
    derived = "import jinja2\n\nclass Environment(jinja2.Environment):\n    pass\n"
    (tmp_path / "flask.py").write_text(f"{derived}\nraise ImportError('the rest is missing')\n", "utf-8")
    program = "import sys; sys.path.insert(0, sys.argv[1]); import aitronos_mock.run; print('ready')"
    command = [sys.executable, "-c", program, str(tmp_path)]

    assert "ready" == subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.strip()


def test_connexion_still_has_what_it_calls() -> None:
    """A program that has the mock in its process and makes an application with connexion can test that one."""
    program = """if True:
        import warnings
        import aitronos_mock._connexion, connexion
        warnings.simplefilter("ignore")
        client = connexion.AsyncApp("ours").test_client()
        from starlette.testclient import TestClient
        print(type(client) is TestClient)
    """

    assert "True" == said(program)
