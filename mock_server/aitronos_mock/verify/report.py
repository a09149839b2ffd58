"""Verdicts, as people and programs read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from ..commands.wording import table as table_of
from .expectations import operations
from .running import FAIL, NOT_REACHABLE, PASS, Verdict

Report = Callable[[str, Sequence[Verdict]], str]
"""Puts the verdicts over a target into text."""

_RESULTS = (PASS, FAIL, NOT_REACHABLE)


def counted(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many rows came out in which way."""
    counts = Counter(each.result for each in verdicts)
    return {result: counts[result] for result in _RESULTS}


def as_table(target: str, verdicts: Sequence[Verdict]) -> str:
    """A line for each row, what is to be said about those that do not hold, and the sum."""
    lines = [[each.row.id, each.row.mark, each.result] for each in verdicts]
    counts = ", ".join(f"{number} {result}" for result, number in counted(verdicts).items())
    told = [*_obstacles(verdicts), *_failures(verdicts)]
    return "\n".join([table_of(["row", "mark", "result"], lines), *told, "", f"{target}: {counts}"])


def _obstacles(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """What was missing, once for all rows that it was missing for."""
    rows: dict[str, list[str]] = {}
    for each in verdicts:
        if each.result == NOT_REACHABLE:
            rows.setdefault(each.reason, []).append(each.row.id)
    for reason, ids in rows.items():
        yield from ("", f"NOT REACHABLE: {reason}", f"  {', '.join(ids)}")


def _failures(verdicts: Iterable[Verdict]) -> Iterator[str]:
    for each in verdicts:
        if each.result == FAIL:
            yield from ("", f"FAIL {each.row.id}: {each.row.says}")
            yield f"  operation  {each.row.operation}"
            yield f"  source     {each.row.source.value}"
            yield f"  expected   {each.expected}"
            yield f"  got        {each.got}"


def as_json(target: str, verdicts: Sequence[Verdict]) -> str:
    """One object with the sum and every row."""
    rows = [_object(each) for each in verdicts]
    return json.dumps({"target": target, "counts": counted(verdicts), "rows": rows}, indent=2)


def _object(verdict: Verdict) -> dict[str, Any]:
    row = verdict.row
    where = operations().get(row.operation)
    return {
        "id": row.id,
        "mark": row.mark,
        "source": row.source.value,
        "operation": row.operation,
        "method": where and where.method,
        "path": where and where.path,
        "says": row.says,
        "result": verdict.result,
        "expected": verdict.expected or None,
        "got": verdict.got or None,
        "reason": verdict.reason or None,
    }


def as_junit(target: str, verdicts: Sequence[Verdict]) -> str:
    """One test case for each row; what is not reachable is skipped."""
    counts = counted(verdicts)
    numbers = {"tests": len(verdicts), "failures": counts[FAIL], "errors": 0, "skipped": counts[NOT_REACHABLE]}
    suite = ET.Element("testsuite", {"name": f"aitronos-mock verify {target}"} | _texts(numbers))
    for each in verdicts:
        _case(suite, each)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def _case(suite: ET.Element, verdict: Verdict) -> None:
    row = verdict.row
    case = ET.SubElement(suite, "testcase", {"classname": row.operation, "name": row.id})
    if verdict.result == FAIL:
        said = f"{row.says}\nexpected: {verdict.expected}\ngot: {verdict.got}"
        ET.SubElement(case, "failure", {"message": row.says, "type": row.mark}).text = said
    elif verdict.result == NOT_REACHABLE:
        ET.SubElement(case, "skipped", {"message": verdict.reason})


def _texts(numbers: Mapping[str, int]) -> dict[str, str]:
    return {name: str(number) for name, number in numbers.items()}


REPORTS: Mapping[str, Report] = {"table": as_table, "json": as_json, "junit": as_junit}
"""The forms of a report by name."""
