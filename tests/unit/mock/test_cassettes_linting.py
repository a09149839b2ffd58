"""Every rule of the linter has a cassette that breaks it, and a good one breaks none."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
import pytest

from aitronos_mock.cassettes import MAX_AGE_DAYS, STAMPS
from aitronos_mock.cassettes.known import Known
from aitronos_mock.cassettes.linting import RULES, Finding, Policy, Report, lint
from aitronos_mock.cassettes.stamps import read_stamps, restamp, write_stamps
from aitronos_mock.cassettes.telling import told

from .tapes import TOKEN, Json, cassette, share, write

TODAY = date(2026, 6, 28)
BASE = "https://api.aitronos.com"
SIGNED = "https://cdn.aitronos.com/music/track/a.wav?Expires=1&Signature=abc"


def lint_one(tmp_path: Path, document: Any, policy: Policy = Policy(), name: str = "a.yaml") -> list[Finding]:  # noqa: B008 - frozen
    """What is found in one cassette that was stamped today."""
    write(tmp_path / name, document)
    restamp(tmp_path, [name], [name], TODAY)
    return list(lint(tmp_path, policy, TODAY).findings)


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "a.json", "deep/er/a.yaml"])
def test_a_good_cassette_breaks_no_rule(name: str, tmp_path: Path) -> None:
    """Recorded in a sandbox, with its key taken out and its tokens faked, in either form and at any depth."""
    assert lint_one(tmp_path, cassette(), name=name) == []


def answer(status: int, body: Any, /, **request: Any) -> Any:
    """A cassette with another answer."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return cassette(request=request, response={"status": {"code": status}, "body": {"string": text}})


def refusal() -> Any:
    """A cassette with an envelope as its answer."""
    said: Json = {"code": "X", "message": "m", "system_message": "s", "type": "client_error", "status": 404}
    said |= {"details": {}, "trace_id": "req_abc123xyz", "timestamp": "2026-06-28T10:30:00Z"}
    return answer(404, {"success": False, "error": said})


def in_response(text: str) -> Any:
    """A cassette with a text in a header that nobody looks at."""
    return cassette(response={"headers": {"content-type": ["application/json"], "x-note": [text]}})


def base64_of(data: bytes) -> str:
    """In Base64."""
    return base64.b64encode(data).decode()


BROKEN: dict[str, tuple[Any, str, str]] = {
    "status": (answer(202, {}), "response", "shareTrack documents no 202"),
    "path": (cassette(request={"uri": f"{BASE}/v1/other"}), "operation", "no operation is called so"),
    "method": (cassette(request={"method": "PUT"}), "operation", "no operation is called so"),
    "request": (cassette(request={"body": '{"expires_in_days": 0}'}), "request", "breaks the rule minimum 1"),
    "request with a coding": (
        cassette(request={"body": "x", "headers": {"content-encoding": "zstd", "content-type": "application/json"}}),
        "request",
        "is not of its content-encoding",
    ),
    "key to the public": (
        answer(404, "{}", method="GET", uri=f"{BASE}/v1/music/shared/fake", headers={"x-api-key": ["fake"]}, body=None),
        "request",
        "carries x-api-key to a public operation",
    ),
    "response": (answer(201, {}), "response", "'token' is a required property"),
    "no JSON": (answer(201, "<html>"), "response", "body is not JSON"),
    "bottomless JSON": (answer(201, "[" * 100_000), "response", "body is not JSON"),
    "token": (in_response(TOKEN), "secret", "share token"),
    "token in the path": (
        cassette(request={"uri": f"{BASE}/v1/music/shared/{TOKEN}/save", "body": None}),
        "secret",
        "share token",
    ),
    "token as JSON in JSON": (in_response(json.dumps({"a": json.dumps({"b": TOKEN})})), "secret", "share token"),
    "token, percent-encoded": (in_response(quote(TOKEN).replace("s", "%73")), "secret", "share token"),
    "token in Base64": (in_response(base64_of(TOKEN.encode())), "secret", "share token"),
    "token, gzip": (answer(201, gzip.compress(TOKEN.encode())), "secret", "share token"),
    "token, deflate": (answer(201, zlib.compress(TOKEN.encode())), "secret", "share token"),
    "token, br": (answer(201, brotli.compress(TOKEN.encode())), "secret", "share token"),
    "signed URL": (in_response(SIGNED), "secret", "a signed URL"),
    "key": (cassette(request={"headers": {"X-API-Key": "plain words"}}), "secret", "a credential that is not known"),
    "keys": (cassette(request={"headers": {"x-api-key": ["fake", "k"]}}), "secret", "a credential that is not known"),
    "basic": (cassette(request={"headers": {"Authorization": "Basic YTpi"}}), "secret", "a credential that"),
    "cookie": (cassette(response={"headers": {"Set-Cookie": ["a=b"]}}), "secret", "a credential that is not known"),
    "password": (in_response("https://me:word@example.com/"), "secret", "a password in a URL"),
    "bearer": (in_response("Bearer of.it"), "secret", "a bearer credential"),
    "form of a key": (in_response("sk_live_abcdefghijkl"), "secret", "the shape of an API key"),
    "random": (in_response("0123456789abcdef" * 2), "secret", "the shape of a random secret"),
}


@pytest.mark.parametrize(("document", "rule", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_rule_is_found(document: Any, rule: str, told: str, tmp_path: Path) -> None:
    """The finding names file, rule and reason, is an error, and repeats no secret."""
    found = lint_one(tmp_path, document)
    assert [each for each in found if each.rule == rule and told in each.message], found
    assert {(each.cassette, each.severity) for each in found} == {("a.yaml", "error")}
    assert TOKEN not in str(found)
    assert SIGNED not in str(found)


def test_every_rule_is_broken_somewhere(tmp_path: Path) -> None:
    """No rule is without a cassette here that breaks it: those above break these, and the others follow below."""
    assert RULES.keys() - {rule for _, rule, _ in BROKEN.values()} == {"form", "drift", "stale", "unstamped", "orphan"}


def test_a_file_that_is_no_cassette_is_found(tmp_path: Path) -> None:
    """It stops nobody from linting the others."""
    (tmp_path / "b.yaml").write_text("a: !!python/object:os.system {}\n", "utf-8")
    found = lint_one(tmp_path, answer(202, {}))
    assert [(each.cassette, each.rule, each.severity) for each in found] == [
        ("a.yaml", "response", "error"),
        ("b.yaml", "form", "error"),
    ]


def test_drift_is_found(tmp_path: Path) -> None:
    """A recording by another contract is an error, even if it still fits."""
    lint_one(tmp_path, cassette())
    [(name, stamp)] = read_stamps(tmp_path).items()
    write_stamps(tmp_path, {name: replace(stamp, contract_sha256="0" * 64)})
    report = lint(tmp_path, Policy(), TODAY)
    assert [(each.rule, each.severity) for each in report.findings] == [("drift", "error")]
    assert report.to_stamp == []


@pytest.mark.parametrize(("age", "rules"), [(MAX_AGE_DAYS, []), (MAX_AGE_DAYS + 1, [("stale", "warning")])])
def test_age_is_found(age: int, rules: list[tuple[str, str]], tmp_path: Path) -> None:
    """What is older than the limit is a warning; the last day of the limit is none."""
    lint_one(tmp_path, cassette())
    report = lint(tmp_path, Policy(), TODAY + timedelta(days=age))
    assert [(each.rule, each.severity) for each in report.findings] == rules


def test_a_missing_stamp_is_found(tmp_path: Path) -> None:
    """A cassette that was never stamped, and one that changed since, are warnings; stamps of others do not count."""
    write(tmp_path / "a.yaml", cassette())
    write(tmp_path / "b.yaml", cassette())
    restamp(tmp_path, ["a.yaml"], ["a.yaml"], TODAY)
    (tmp_path / "a.yaml").write_text((tmp_path / "a.yaml").read_text("utf-8") + "# changed\n", "utf-8")
    found = lint(tmp_path, Policy(), TODAY).findings
    assert [(each.cassette, each.rule, each.severity) for each in found] == [
        ("a.yaml", "unstamped", "warning"),
        ("b.yaml", "unstamped", "warning"),
    ]
    assert ["changed" in each.message for each in found] == [True, False]


def test_stamps_that_cannot_be_read_are_found(tmp_path: Path) -> None:
    """They are an error of their own."""
    write(tmp_path / "a.yaml", cassette())
    (tmp_path / STAMPS).write_text("{", "utf-8")
    found = lint(tmp_path, Policy(), TODAY).findings
    assert [(each.cassette, each.rule) for each in found] == [(STAMPS, "form"), ("a.yaml", "unstamped")]


def test_an_orphan_is_found(tmp_path: Path) -> None:
    """A cassette that nothing uses is a warning; where nobody knows, nothing is said."""
    assert lint_one(tmp_path, cassette()) == []
    [found] = lint_one(tmp_path, cassette(), Policy(is_used=lambda name: name != "a.yaml"))
    assert (found.rule, found.severity) == ("orphan", "warning")
    assert lint_one(tmp_path, cassette(), Policy(is_used=lambda name: name == "a.yaml")) == []


def test_what_is_listed_is_no_secret(tmp_path: Path) -> None:
    """A value of the list may stand wherever it looks like a secret."""
    assert lint_one(tmp_path, in_response(TOKEN), Policy(Known(frozenset({TOKEN})))) == []


def test_hosts_are_looked_at_where_they_are_named(tmp_path: Path) -> None:
    """Any server may have been recorded, unless the policy names those that may."""
    found = lint_one(tmp_path, cassette(), Policy(Known(hosts=frozenset({"api.aitronos.com"}))))
    assert {each.message for each in found} == {"a host other than the allowed ones", "an address of a machine"}


def test_what_recorders_take_out_is_asked_for_on_request(tmp_path: Path) -> None:
    """A credential and the documented headers are missed only where the recording shall be complete."""
    messages = [each.message for each in lint_one(tmp_path, cassette(), Policy(complete=True))]
    assert "shareTrack 201: the request carries no credential" in messages
    assert "shareTrack 201: the header x-request-id is missing" in messages


GOOD: dict[str, Callable[[], Any]] = {
    "gzip": lambda: compressed(gzip.compress, "gzip"),
    "br": lambda: compressed(brotli.compress, "br"),
    "decompressed, with its header": lambda: compressed(bytes, "gzip"),
    "no media type": lambda: cassette(request={"headers": {}}),
    "HEAD": lambda: cassette(
        request={"method": "HEAD", "uri": f"{BASE}/v1/music/shared/fake", "body": None},
        response={"status": {"code": 200}, "body": {"string": ""}},
    ),
    "filtered": lambda: cassette(request={"headers": {"authorization": "Bearer REDACTED"}}),
    "an error without its request id": refusal,
}


def compressed(pack: Callable[[bytes], bytes], coding: str) -> Any:
    """The good cassette with its answer as the server sent it."""
    body = share()["response"]["body"]["string"].encode()
    headers = {"content-type": ["application/json"], "content-encoding": [coding]}
    return cassette(response={"headers": headers, "body": {"string": pack(body)}})


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_other_ways_to_record_are_good_too(make: Callable[[], Any], tmp_path: Path) -> None:
    """Compressed or not, with a header that says so or none, and without a media type, which means JSON."""
    assert lint_one(tmp_path, make()) == []


def test_a_head_has_no_body(tmp_path: Path) -> None:
    """An answer to HEAD with a body is no answer."""
    asked = {"method": "HEAD", "uri": f"{BASE}/v1/music/shared/fake", "body": None}
    [found] = lint_one(tmp_path, answer(200, "{}", **asked))
    assert (found.rule, found.message) == ("response", "resolveShare 200: the answer to HEAD has a body")


def test_a_comment_is_looked_at(tmp_path: Path) -> None:
    """What stands in the file and in none of its values is told as the file's."""
    path = write(tmp_path / "a.yaml", cassette())
    path.write_text(path.read_text("utf-8") + f"# {TOKEN}\n", "utf-8")
    restamp(tmp_path, ["a.yaml"], ["a.yaml"], TODAY)
    found = lint(tmp_path, Policy(), TODAY).findings
    assert {(each.place, each.rule) for each in found} == {("file", "secret")}


@pytest.mark.parametrize(
    "name", [f"test_open[{TOKEN}].yaml", "of/sk_live_abcdefghijk1/a.json", f"{quote(TOKEN, '')}.yml"]
)
def test_a_secret_in_the_name_of_a_file_is_found(name: str, tmp_path: Path) -> None:
    """It leaks with every listing of the folder; no finding repeats it, and no stamp is made of it."""
    write(tmp_path / name, cassette())
    report = lint(tmp_path, Policy(is_used=lambda name: False), TODAY)

    assert [("file name", "secret")] == [
        (each.place, each.rule) for each in report.findings if each.severity == "error"
    ]
    assert {"unstamped", "orphan"} < {each.rule for each in report.findings}
    assert [] == [secret for secret in (TOKEN, "abcdefghijk1") if secret in told(report, as_json=True)]
    assert [] == report.to_stamp


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    """Its cassette is missing, which a test that wants it would say much later."""
    write(tmp_path / "a.yaml", cassette())
    (tmp_path / "b.yaml").symlink_to(tmp_path / "nothing.yaml")
    (tmp_path / "c.yaml").symlink_to(tmp_path / "c.yaml")
    found = [each for each in lint(tmp_path, Policy(), TODAY).findings if each.severity == "error"]

    assert [("b.yaml", "form"), ("c.yaml", "form")] == [(each.cassette, each.rule) for each in found]
    assert {"cannot be read"} == {each.message.partition(":")[0] for each in found}


def test_a_report_is_told_to_people_and_to_programs(tmp_path: Path) -> None:
    """A table with a line that counts, or the same as JSON."""
    lint_one(tmp_path, answer(202, {}))
    report = lint(tmp_path, Policy(is_used=lambda name: False), TODAY)
    header, first, second, counts = told(report, as_json=False).splitlines()
    assert header.split() == ["SEVERITY", "RULE", "CASSETTE", "PLACE", "FINDING"]
    assert first.split()[:4] == ["error", "response", "a.yaml", "/interactions/0"]
    assert second.split()[:4] == ["warning", "orphan", "a.yaml", "-"]
    assert counts == "1 cassettes with 1 interactions: 1 errors, 1 warnings."
    data = json.loads(told(report, as_json=True))
    assert [data[name] for name in ("cassettes", "interactions", "errors", "warnings")] == [1, 1, 1, 1]
    assert data["findings"][0] == {
        "cassette": "a.yaml",
        "place": "/interactions/0",
        "rule": "response",
        "message": "shareTrack documents no 202",
        "severity": "error",
    }


def test_nothing_found_is_one_line() -> None:
    """A report without findings has no table."""
    assert told(Report((), 0, ()), as_json=False) == "0 cassettes with 0 interactions: 0 errors, 0 warnings."
