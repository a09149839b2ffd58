"""Key and server: arguments first, then the environment."""

import pytest

from aitronos import InvalidArgumentError
from aitronos._settings import Settings


def test_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given counts, whatever the environment has."""
    monkeypatch.setenv("FREDDY_API_KEY", "from-environment")
    monkeypatch.setenv("AITRONOS_BASE_URL", "http://environment")
    assert Settings.load("given", "http://given") == Settings("given", "http://given")


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not given comes from the environment."""
    monkeypatch.setenv("FREDDY_API_KEY", "from-environment")
    monkeypatch.setenv("AITRONOS_BASE_URL", "http://environment/")
    assert Settings.load(None, None) == Settings("from-environment", "http://environment")


@pytest.mark.parametrize("value", [None, ""])
def test_defaults(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without either, the documented server and no key; an empty variable counts as none."""
    if value is not None:
        monkeypatch.setenv("FREDDY_API_KEY", value)
        monkeypatch.setenv("AITRONOS_BASE_URL", value)
    assert Settings.load(None, None) == Settings(None, "https://api.aitronos.com")


def test_environment_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key with a line break at its end is a common accident, and is named as such."""
    monkeypatch.setenv("FREDDY_API_KEY", "your-api-key\n")
    with pytest.raises(InvalidArgumentError, match="line break"):
        Settings.load(None, None)


@pytest.mark.parametrize(("key", "shown"), [("your-api-key", "set"), (None, "none")])
def test_repr(key: str | None, shown: str) -> None:
    """Whether there is a key can be seen, the key cannot."""
    assert repr(Settings(key, "http://a")) == f"Settings(api_key={shown}, base_url='http://a')"
