"""Verdicts, as people and programs read them."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

from aitronos_mock.verify.report import REPORTS
from aitronos_mock.verify.row import Row, Source
from aitronos_mock.verify.running import FAIL, NOT_REACHABLE, PASS, Verdict


def row(name: str, operation: str = "resolveShare", source: Source = Source.SHARE_PAGES) -> Row:
    """A row that nobody tries."""
    return Row(f"topic.{name}", source, operation, f"{name} holds.", lambda trial: None)


VERDICTS = [
    Verdict(row("first"), PASS),
    Verdict(row("second", "any", Source.DECISION), FAIL, "status 404", 'status 403 <b> "x"'),
    Verdict(row("third", source=Source.OTHER_PAGES), NOT_REACHABLE, reason="needs --track: a track"),
    Verdict(row("fourth"), NOT_REACHABLE, reason="needs --track: a track"),
]
URL = "http://127.0.0.1:8000"

TABLE = """\
ROW           MARK        RESULT
topic.first   documented  pass
topic.second  decided     fail
topic.third   documented  not reachable
topic.fourth  documented  not reachable

NOT REACHABLE: needs --track: a track
  topic.third, topic.fourth

FAIL topic.second: second holds.
  operation  any
  source     decided in openapi.yaml where the documentation is silent
  expected   status 404
  got        status 403 <b> "x"

http://127.0.0.1:8000: 1 pass, 1 fail, 2 not reachable"""


def test_a_table_is_for_people() -> None:
    """A line for each row, every obstacle once, every failure with both sides, and the sum."""
    assert TABLE == REPORTS["table"](URL, VERDICTS)


def test_json_is_for_programs() -> None:
    """Every row with its mark, its operation and what came of it."""
    report = json.loads(REPORTS["json"](URL, VERDICTS))
    assert (URL, {"pass": 1, "fail": 1, "not reachable": 2}) == (report["target"], report["counts"])
    assert {
        "id": "topic.first",
        "mark": "documented",
        "source": "the documentation of the four operations",
        "operation": "resolveShare",
        "method": "GET",
        "path": "/v1/music/shared/{token}",
        "says": "first holds.",
        "result": "pass",
        "expected": None,
        "got": None,
        "reason": None,
    } == report["rows"][0]
    assert ["any", None, None, "status 404"] == [
        report["rows"][1][name] for name in ("operation", "method", "path", "expected")
    ]
    assert "needs --track: a track" == report["rows"][2]["reason"]


def test_junit_is_for_ci() -> None:
    """A test case for each row: failures have both sides, and what cannot be tried is skipped with the reason."""
    [suite] = ET.fromstring(REPORTS["junit"](URL, VERDICTS))  # noqa: S314 - we wrote it ourselves
    assert ("4", "1", "0", "2") == tuple(suite.attrib[name] for name in ("tests", "failures", "errors", "skipped"))
    assert [("resolveShare", "topic.first"), ("any", "topic.second")] == [
        (case.attrib["classname"], case.attrib["name"]) for case in suite[:2]
    ]
    assert 'second holds.\nexpected: status 404\ngot: status 403 <b> "x"' == suite[1][0].text
    assert {"message": "second holds.", "type": "decided"} == suite[1][0].attrib
    assert ("skipped", {"message": "needs --track: a track"}) == (suite[2][0].tag, suite[2][0].attrib)
