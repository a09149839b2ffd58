"""The mock of one session of pytest."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import pytest

from .errors import MockUnavailable
from .mock import Mock
from .serving import can_share, own_mock, shared_mock
from .wire import Wire


@contextmanager
def session_mock(config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """The mock that was named, or else one that is started for this session.

    Raises:
        MockUnavailable: There is none to be had.
        MockRefused: It demands a control token, and was given another one or none.
    """
    with _running(config, tmp_path_factory) as url:
        wire = Wire(url, os.environ.get("AITRONOS_MOCK_CONTROL_TOKEN") or None)
        try:
            mock = Mock(wire)
            mock.health()
            yield mock
        finally:
            wire.close()


def _running(config: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> AbstractContextManager[str]:
    named = config.getoption("--aitronos-mock-url") or os.environ.get("AITRONOS_MOCK_URL")
    if url := named or config.getini("aitronos_mock_url"):
        return nullcontext(_checked(url))
    options, folder = config.getini("aitronos_mock_options"), tmp_path_factory.getbasetemp()
    if hasattr(config, "workerinput") and can_share():
        # Beside the folders of all workers.
        return shared_mock(options, folder.parent)
    return own_mock(options, folder)


def _checked(url: str) -> str:
    # Needed where a URL is given only.
    from ..commands.session import is_base_url

    if not is_base_url(url):
        # It is not repeated: a URL may hold a password.
        raise MockUnavailable(
            "what is given as --aitronos-mock-url is no URL of a mock; write it as http://127.0.0.1:8000"
        )
    return url.rstrip("/")
