"""Which store of rate limits a URL means."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engines.valkey import PASSWORD, Valkey

from aitronos_mock.shared_limits.opening import RateStoreUnusable, open_rate_store, require_rate_store

_FORMS = "--rate-limit-store takes redis://USER:PASSWORD@HOST:PORT/NUMBER; valkey:// is the same, rediss:// has TLS"


def _refusal(url: str) -> str:
    with pytest.raises(RateStoreUnusable) as refusal:
        asyncio.run(require_rate_store(url))
    return str(refusal.value)


@pytest.mark.parametrize(
    "url",
    ["", "localhost:6379", "http://localhost", "redis://", "redis://:S3cret@localhost:port", "redis://localhost/name"],
)
def test_another_url_is_refused(url: str) -> None:
    """What is no URL of a store is refused with the forms that are, and without what it said."""
    assert _FORMS == _refusal(url)


@pytest.mark.valkey
@pytest.mark.parametrize("query", ["db=name", "nothing=known"])
def test_a_query_that_nobody_knows_is_refused(valkey: Valkey, query: str) -> None:
    """What the client library does not know cannot be in the URL."""
    assert _FORMS == _refusal(f"{valkey.url}?{query}")


def test_no_url_is_no_store() -> None:
    """Who names no store has none, and nothing is required."""

    async def opened() -> object:
        await require_rate_store(None)
        async with open_rate_store(None) as store:
            return store

    assert asyncio.run(opened()) is None


def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without redis-py one line says what to install."""
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    monkeypatch.delitem(sys.modules, "aitronos_mock.shared_limits.buckets", raising=False)

    assert "redis-py is missing; pip install 'aitronos-mock-server[redis]'" == _refusal("redis://localhost")


@pytest.mark.valkey
@pytest.mark.parametrize("scheme", ["redis", "valkey"])
def test_a_store_is_opened_and_let_go_of(valkey: Valkey, scheme: str) -> None:
    """A store is used under either name, and no connection is left in the end."""
    url = f"{scheme}{valkey.url.removeprefix('redis')}/3"

    async def probe() -> bytes:
        async with open_rate_store(url) as store:
            assert store is not None
            await store.probe()
            return valkey.command("CLIENT", "LIST")

    connected = asyncio.run(probe())
    assert b"name=aitronos-mock" in connected
    assert b" db=3 " in connected
    assert b"name=aitronos-mock" not in valkey.command("CLIENT", "LIST")


@pytest.mark.valkey
def test_a_mock_does_not_start_without_its_store(own_valkey: Valkey) -> None:
    """A store that cannot be used at the start is one line, without the password, and exit code 2."""
    own_valkey.kill()
    command = [str(Path(sys.executable).with_name("aitronos-mock")), "serve", "--port", "0"]

    ended = subprocess.run(
        [*command, "--rate-limit-store", own_valkey.url], capture_output=True, text=True, check=False, timeout=60
    )
    said = f"cannot use the rate limit store redis://127.0.0.1:{own_valkey.port}: nothing answers there"
    assert (2, "") == (ended.returncode, ended.stdout)
    assert said in ended.stderr
    assert 1 == len(ended.stderr.splitlines())
    assert PASSWORD not in ended.stderr
