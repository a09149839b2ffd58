"""Options: checked, merged, and shown without secrets."""

import pytest

from aitronos import InvalidArgumentError
from aitronos._options import Options


def test_defaults() -> None:
    """A minute for the whole call, and two retries."""
    assert Options() == Options(60.0, 2, {})


def test_merged_adds_headers_up() -> None:
    """Later headers join earlier ones, and win where both name one, in whatever case."""
    options = Options(headers={"X-Team": "radio", "X-Env": "dev"})
    assert options.merged({"headers": {"x-team": "web"}}).headers == {"x-team": "web", "x-env": "dev"}


def test_merged_leaves_the_original() -> None:
    """Merging makes other options."""
    options = Options()
    assert options.merged({"timeout": 5, "max_retries": 0}) == Options(5.0, 0, {})
    assert options == Options()


def test_merged_with_nothing() -> None:
    """No change, no copy."""
    options = Options()
    assert options.merged({}) is options


def test_merged_refuses_unknown_options() -> None:
    """A misspelt option is a TypeError, as any misspelt argument is."""
    with pytest.raises(TypeError, match="unknown option 'retries'; known are timeout, max_retries, headers"):
        Options().merged({"retries": 1})  # type: ignore[typeddict-unknown-key]  # it is misspelt


def test_merged_checks() -> None:
    """A bad value is refused here too."""
    with pytest.raises(InvalidArgumentError, match="timeout must be"):
        Options().merged({"timeout": 0})


def test_repr_shows_header_names_only() -> None:
    """The value of a header may be a secret."""
    assert repr(Options(headers={"Authorization": "Bearer x"})) == (
        "Options(timeout=60.0, max_retries=2, headers=['authorization'])"
    )
