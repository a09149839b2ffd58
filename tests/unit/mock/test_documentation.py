"""Every option and every environment variable is documented."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from aitronos_mock.cli import cli

ROOT = Path(__file__).parents[3]
MOCK_README = (ROOT / "mock_server" / "README.md").read_text("utf-8")
READMES = MOCK_README + (ROOT / "README.md").read_text("utf-8") + (ROOT / "sdk" / "README.md").read_text("utf-8")
SOURCES = [
    file
    for folder in ("sdk/aitronos", "mock_server/aitronos_mock", "scripts")
    for file in (ROOT / folder).rglob("*.py")
    if "_generated" not in file.parts
]
NOT_FOR_READERS = {
    "NO_COLOR": "a convention of terminals at large, which the demonstration follows",
    "NO_PROXY": "set by the recorder for itself, so that no proxy is asked for its own mock",
    "no_proxy": "the same",
    "PATH": "handed on to the generator, with the folder of this Python in front",
    "variable(name)": "AITRONOS_VERIFY_*, each of which the mock's README names; see test_verify_given.py",
    "PREFIX + thing.name": "AITRONOS_CASSETTES_*, one of which the README names, and all of which `--help` lists",
}
"""Variables that no README owes its readers, with the reason."""


def options(command: click.Command) -> Iterator[str]:
    """Every option of a command and of those below it, `--help` aside, which click gives to each."""
    for parameter in command.params:
        yield from (name for name in parameter.opts + parameter.secondary_opts if name.startswith("--"))
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from options(below)


def variables(source: str) -> Iterator[str]:
    """The environment variables that a module reads or gives to click; a name that is computed as it is computed."""
    for node in ast.walk(ast.parse(source)):
        for name in [*_read(node), *_given_to_click(node)]:
            yield name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ast.unparse(name)


def _read(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Subscript(value=mapping, slice=name) if _is_environment(mapping):
            return [name]
        case ast.Compare(left=name, comparators=[mapping]) if _is_environment(mapping):
            return [name]
        case ast.Call(func=ast.Attribute(mapping, "get" | "pop" | "setdefault"), args=[name, *_]) if _is_environment(
            mapping
        ):
            return [name]
        case ast.Call(func=ast.Name("getenv") | ast.Attribute(attr="getenv"), args=[name, *_]):
            return [name]
    return []


def _given_to_click(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.keyword(arg="envvar", value=ast.List(elts=names) | ast.Tuple(elts=names)):
            return names
        case ast.keyword(arg="envvar" | "auto_envvar_prefix", value=name):
            return [name]
    return []


def _is_environment(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in ("environ", "os.environ")


def is_told(name: str, text: str) -> bool:
    """Whether a text has a name as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


VARIABLES = {name for file in SOURCES for name in variables(file.read_text("utf-8"))}


@pytest.mark.parametrize("option", sorted(set(options(cli))))
def test_an_option_is_documented(option: str) -> None:
    """The mock's README names the option."""
    assert is_told(option, MOCK_README)


@pytest.mark.parametrize("variable", sorted(VARIABLES))
def test_an_environment_variable_is_documented(variable: str) -> None:
    """A README names the variable, or a reason says why none has to."""
    assert is_told(variable, READMES) or variable in NOT_FOR_READERS


@pytest.mark.parametrize("variable", NOT_FOR_READERS)
def test_an_exception_is_for_a_variable_that_is_read(variable: str) -> None:
    """No exception outlives the variable that it was made for."""
    assert variable in VARIABLES


def test_options_are_found_at_every_depth() -> None:
    """The options of a group, of a command below it, and the negative form of a switch are found."""

    @click.group()
    @click.option("--outer")
    def group() -> None: ...

    @group.command()
    @click.option("--inner/--no-inner", "-i")
    @click.argument("operand")
    def below() -> None: ...

    assert list(options(group)) == ["--outer", "--inner", "--no-inner"]
    assert {"--port", "--seed", "--version"} <= set(options(cli))


@pytest.mark.parametrize(
    "source",
    [
        "os.environ['A_KEY']",
        "environ['A_KEY']",
        "os.environ.get('A_KEY', 'x')",
        "os.environ.pop('A_KEY')",
        "os.getenv('A_KEY')",
        "getenv('A_KEY')",
        "'A_KEY' in os.environ",
        "'A_KEY' not in os.environ",
        "click.option('--key', envvar='A_KEY')",
        "click.option('--key', envvar=['A_KEY'])",
        "click.group(context_settings=dict(auto_envvar_prefix='A_KEY'))",
        "os.environ[A_KEY]",
    ],
)
def test_a_variable_is_found_however_it_is_read(source: str) -> None:
    """Each way of reading the environment is known."""
    assert list(variables(source)) == ["A_KEY"]


@pytest.mark.parametrize("source", ["settings['A_KEY']", "settings.get('A_KEY')", "'A_KEY' in settings"])
def test_other_mappings_are_no_environment(source: str) -> None:
    """A look-up elsewhere is not taken for one in the environment."""
    assert list(variables(source)) == []


def test_the_code_reads_the_documented_variables() -> None:
    """The two variables of the SDK are found in its source."""
    assert {"FREDDY_API_KEY", "AITRONOS_BASE_URL"} <= VARIABLES


@pytest.mark.parametrize("text", ["`--seed FILE`", "| `--seed docs\\|empty` |", "run `serve --seed x`", "--seed"])
def test_a_name_is_told(text: str) -> None:
    """A name counts wherever it stands as a word."""
    assert is_told("--seed", text)


@pytest.mark.parametrize("text", ["", "the seed", "`--seeds`", "`--no-seed`", "`--seed-file`", "---seed"])
def test_an_option_that_is_not_named_is_not_told(text: str) -> None:
    """Prose and options of similar names do not count."""
    assert not is_told("--seed", text)
