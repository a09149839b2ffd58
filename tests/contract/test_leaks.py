"""No cassette gives a secret away, and whatever would is found, however it is written."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
import yaml

from aitronos_mock.cassettes import leaks as judge
from aitronos_mock.cassettes.reading import parse_cassette
from cassettes.policy import KNOWN
from cassettes.recording import LeakError, NotPlayableError, cassette_path, record_all
from cassettes.scenarios import SCENARIOS, Scenario
from cassettes.world import World

from .replaying import CASSETTES

TOKEN = "shr_0123456789abcdef0123456789abcdef"
KEY = "an odd key, which has no shape!"
NAME = "resolveShare/200-track"


def text_of(name: str) -> str:
    """A committed cassette."""
    return cassette_path(CASSETTES, name).read_text("ascii")


def leaks(text: str, secrets: Collection[str] = ()) -> list[str]:
    """What the judge of this repository's cassettes says of one."""
    return judge.leaks(parse_cassette(text), KNOWN, secrets)


def in_request(**fields: Any) -> str:
    """A good cassette in whose last request something else stands."""
    cassette = yaml.safe_load(text_of(NAME))
    cassette["interactions"][-1]["request"] |= fields
    return yaml.safe_dump(cassette)


def in_answer(value: str | bytes) -> str:
    """A good cassette with something else as its last answer."""
    cassette = yaml.safe_load(text_of(NAME))
    cassette["interactions"][-1]["response"]["body"]["string"] = value
    return yaml.safe_dump(cassette)


def in_title(text: str) -> str:
    """A good cassette with a text inside the JSON of its last answer."""
    return in_answer(json.dumps({"track": {"title": text}}))


def in_header(name: str, value: str, side: str = "request") -> str:
    """A good cassette with another header."""
    cassette = yaml.safe_load(text_of(NAME))
    cassette["interactions"][-1][side]["headers"][name] = [value]
    return yaml.safe_dump(cassette)


def percent(text: str) -> str:
    """Percent-encoded to the last character."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


def base64_of(text: str) -> str:
    """In Base64."""
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_cassette_gives_anything_away(scenario: Scenario) -> None:
    """Every committed cassette holds known fakes and nothing else of a secret's shape."""
    assert leaks(text_of(scenario.name)) == []


SHAPES = {
    "token in a URL": (in_request(uri=f"https://api.aitronos.com/v1/music/shared/{TOKEN}"), "share token"),
    "token in a request": (in_request(body=f'{{"token":"{TOKEN}"}}'), "share token"),
    "token in an answer": (in_title(TOKEN), "share token"),
    "token of another shape": (in_title("shr_AbC"), "share token"),
    "token in a header": (in_header("link", f"</v1/music/shared/{TOKEN}>", "response"), "share token"),
    "token in a name": (in_header(TOKEN, "1"), "share token"),
    "token, percent-encoded": (in_title(percent(TOKEN)), "share token"),
    "token, percent-encoded twice": (in_title(percent(percent(TOKEN))), "share token"),
    "token, escaped": (in_answer('{"title":"\\u0073hr_0123"}'), "share token"),
    "token, JSON in JSON": (in_title(json.dumps({"t": "\\u0073hr_01"}).replace("\\\\", "\\")), "share token"),
    "token, Base64": (in_title(base64_of(TOKEN)), "share token"),
    "token, URL-safe Base64": (in_title(base64.urlsafe_b64encode(f"??>{TOKEN}".encode()).decode()), "share token"),
    "token, gzip": (in_answer(gzip.compress(TOKEN.encode())), "share token"),
    "token, deflate": (in_answer(zlib.compress(TOKEN.encode())), "share token"),
    "token, gzip in Base64": (in_title(base64.b64encode(gzip.compress(TOKEN.encode())).decode()), "share token"),
    "token in bytes": (in_answer(b"\xff" + TOKEN.encode()), "share token"),
    "key": (in_header("x-api-key", KEY), "credential"),
    "key in capitals": (in_header("X-API-Key", KEY), "credential"),
    "key as bearer": (in_header("authorization", f"Bearer {KEY}"), "credential"),
    "cookie": (in_header("cookie", "session=1"), "credential"),
    "cookie of the server": (in_header("set-cookie", "session=1", "response"), "credential"),
    "bearer in a text": (in_title("send Bearer abc"), "bearer credential"),
    "key with a prefix": (in_title("sk_live_abcdefghijkl"), "API key"),
    "key of the service": (in_title("freddy_9x8w7v6u5t4s"), "API key"),
    "random": (in_title("0123456789abcdef0123456789abcdef"), "random secret"),
    "JWT": (in_title("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "random"),
    "signature": (in_title("https://cdn.aitronos.com/a?signature=1"), "signed URL"),
    "signature of a bucket": (in_title("https://cdn.aitronos.com/a?x=1&X-Amz-Signature=1"), "signed URL"),
    "expiry of a signature": (in_title("https://cdn.aitronos.com/a?Expires=1"), "signed URL"),
    "host": (in_request(uri="https://staging.aitronos.com/v1/music"), "host other"),
    "port": (in_request(uri="https://api.aitronos.com:8443/v1/music"), "host other"),
    "user in a URL": (in_title("https://me:pass@api.aitronos.com/"), "host other"),
    "loopback": (in_title("127.0.0.1"), "address of a machine"),
    "loopback by name": (in_title("localhost"), "address of a machine"),
    "IPv6": (in_title("[::1]"), "address of a machine"),
    "comment": (text_of(NAME) + f"# {TOKEN}\n", "file: a share token"),
}


@pytest.mark.parametrize(("cassette", "rule"), SHAPES.values(), ids=SHAPES)
def test_a_shape_is_found(cassette: str, rule: str) -> None:
    """Whatever looks like a secret and is no known fake is named by its rule."""
    found = leaks(cassette)
    assert [each for each in found if rule in each], found


@pytest.mark.parametrize("write", [str, percent, base64_of, json.dumps])
def test_a_secret_without_a_shape_is_found(write: Callable[[str], str]) -> None:
    """What is known to be secret is found in any spelling, in text where no rule would see it."""
    cassette = in_title(write(KEY))
    rule = "a secret of this recording"
    assert [each for each in leaks(cassette, {KEY}) if rule in each]
    assert [each for each in leaks(cassette) if rule in each] == []


def test_a_finding_repeats_no_secret() -> None:
    """A finding says where to look and which rule it is, and holds nothing that could leak again."""
    found = leaks(in_title(f"{TOKEN} {KEY}"), {KEY})
    assert found
    assert [each for each in found if TOKEN in each or KEY in each] == []


def test_a_leak_stops_the_recording(tmp_path: Path) -> None:
    """The recorder raises when any file in its folder gives something away, and names file and place."""

    def nowhere(scenario: Scenario) -> World:
        raise NotPlayableError("there is no server")

    assert set(record_all(tmp_path, nowhere).skipped) == {scenario.name for scenario in SCENARIOS}
    (tmp_path / "leaky.yaml").write_text(in_title(TOKEN), "ascii")
    with pytest.raises(LeakError, match=r"leaky\.yaml: /interactions/1/response/body/string: a share token") as caught:
        record_all(tmp_path, nowhere)
    assert TOKEN not in str(caught.value)
