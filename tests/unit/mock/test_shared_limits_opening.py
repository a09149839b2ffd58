"""Which store of rate limits a URL means."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.engines.valkey import PASSWORD, Valkey, running_valkey

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


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1, and the CA that signed it and that no machine trusts."""
    trustme = pytest.importorskip("trustme", reason="LEFT OUT: there is no trustme here, which makes certificates")
    folder, authority = tmp_path_factory.mktemp("certificates"), trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "server.pem")
    certificate.private_key_pem.write_to_path(folder / "server.key")
    return folder


@pytest.fixture
def valkey_with_tls(certificates: Path) -> Iterator[Valkey]:
    """A server that speaks TLS alone."""
    with running_valkey(certificates) as server:
        yield server


@pytest.mark.valkey
def test_resolves_are_counted_over_tls(serve: Any, valkey_with_tls: Valkey, certificates: Path) -> None:
    """A mock that is told the CA counts in a store that speaks TLS alone, under either name of the protocol."""
    for scheme in ("rediss", "valkeys"):
        valkey_with_tls.command("FLUSHALL")
        url = f"{scheme}{valkey_with_tls.url.removeprefix('rediss')}?ssl_ca_certs={certificates}/ca.pem"
        server = serve("--rate-limit-store", url)
        resolve = f"{server.url}/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
        assert 200 == httpx.get(resolve).status_code
        assert b":127.0.0.1\r\n" in valkey_with_tls.command("KEYS", "aitronos-mock:*")


@pytest.mark.valkey
def test_tls_that_does_not_come_about_is_told(valkey_with_tls: Valkey, certificates: Path) -> None:
    """An unknown CA, a certificate of another host, and a file that is missing or no CA have lines of their own."""
    untrusted = "its certificate is not trusted for this host; name its CA with ?ssl_ca_certs=FILE"
    failing = "TLS does not come about; check the files that the URL names"
    trusted, url = f"?ssl_ca_certs={certificates}/ca.pem", valkey_with_tls.url
    for asked, reason in (
        (url, untrusted),
        (f"{url.replace('127.0.0.1', 'localhost')}{trusted}", untrusted),
        (f"{url}?ssl_ca_certs={certificates}/missing.pem", failing),
        (f"{url}?ssl_ca_certs={certificates}/server.key", failing),
    ):
        refusal = _refusal(asked)
        assert refusal.endswith(f": {reason}")
        assert PASSWORD not in refusal
