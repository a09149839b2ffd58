"""Lint a folder of cassettes: each rule on each file, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from . import MAX_AGE_DAYS, STAMPS, StampsError, stamps
from .conformance import problems
from .known import ANYBODYS, Known
from .leaks import leaks
from .naming import leaks_in_name, shown
from .reading import SUFFIXES, Cassette, CassetteError, read_cassette
from .stamps import Stamp

RULES: Mapping[str, str] = {
    "form": "error",
    "operation": "error",
    "request": "error",
    "response": "error",
    "secret": "error",
    "drift": "error",
    "stale": "warning",
    "unstamped": "warning",
    "orphan": "warning",
}
"""Every rule, and how bad it is to break it."""

_ABOUT_STAMPS = frozenset({"drift", "stale", "unstamped"})


class Finding(NamedTuple):
    """One broken rule.

    Attributes:
        cassette: The path below the folder, without what it gives away.
        place: Where in the cassette; the whole of it is empty.
        rule: One of `RULES`.
        message: What is wrong, without repeating what stands there.
    """

    cassette: str
    place: str
    rule: str
    message: str

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        return RULES[self.rule]


@dataclass(frozen=True)
class Policy:
    """What is asked of the cassettes.

    Attributes:
        known: What is no secret, although it looks like one.
        complete: Whether credentials and documented headers have to be there.
        max_age_days: What is older is stale.
        is_used: Whether some test uses the cassette of a name; None is not known.
    """

    known: Known = ANYBODYS
    complete: bool = False
    max_age_days: int = MAX_AGE_DAYS
    is_used: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Report:
    """What came of it.

    Attributes:
        cassettes: The names of all cassettes.
        interactions: How many they hold.
        findings: In the order of the cassettes.
    """

    cassettes: tuple[str, ...]
    interactions: int
    findings: tuple[Finding, ...]

    def count(self, severity: str) -> int:
        """How many findings are so severe."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def to_stamp(self) -> list[str]:
        """The cassettes that are new or changed, with no error in themselves.

        One that is as it was stamped was not recorded since, and goes on being as old as it is.
        """
        bad = {each.cassette for each in self.findings if each.severity == "error" and each.rule not in _ABOUT_STAMPS}
        unstamped = {each.cassette for each in self.findings if each.rule == "unstamped"}
        return [name for name in self.cassettes if name in unstamped - bad]

    def to_dict(self) -> dict[str, Any]:
        """The report for programs."""
        findings = [{**finding._asdict(), "severity": finding.severity} for finding in self.findings]
        counts = {"cassettes": len(self.cassettes), "interactions": self.interactions}
        return {**counts, "errors": self.count("error"), "warnings": self.count("warning"), "findings": findings}


def cassettes_in(folder: Path) -> tuple[str, ...]:
    """The names of the cassettes in a folder and below it, with slashes, in their order."""
    files = (path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.name != STAMPS)
    return tuple(
        sorted(path.relative_to(folder).as_posix() for path in files if path.is_file() or _leads_nowhere(path))
    )


def _leads_nowhere(path: Path) -> bool:
    """A link without a target, which a test that wants its cassette would not find either."""
    return path.is_symlink() and not path.exists()


def lint(folder: Path, policy: Policy, today: date) -> Report:
    """Hold every cassette of a folder against every rule.

    Args:
        folder: Where the cassettes are, and their stamps.
        policy: What is asked of them.
        today: The day from which ages count.
    """
    names = cassettes_in(folder)
    known_stamps, findings = _stamps(folder)
    interactions = 0
    for name in names:
        findings += (Finding(name, "file name", "secret", rule) for rule in leaks_in_name(name, policy.known))
        try:
            cassette = read_cassette(folder / name)
            interactions += len(cassette.interactions)
            findings += _contents(name, cassette, policy)
            findings += _surroundings(name, folder / name, known_stamps.get(name), policy, today)
        except CassetteError as error:
            findings.append(Finding(name, "", "form", str(error)))
    return Report(names, interactions, tuple(_named_harmlessly(each, policy.known) for each in findings))


def _named_harmlessly(finding: Finding, known: Known) -> Finding:
    return finding._replace(cassette=shown(finding.cassette, known))


def _stamps(folder: Path) -> tuple[dict[str, Stamp], list[Finding]]:
    try:
        return stamps.read_stamps(folder), []
    except StampsError as error:
        return {}, [Finding(STAMPS, "", "form", str(error))]


def _contents(name: str, cassette: Cassette, policy: Policy) -> Iterator[Finding]:
    for number, interaction in enumerate(cassette.interactions):
        for problem in problems(interaction, complete=policy.complete):
            yield Finding(name, f"/interactions/{number}", problem.about, problem.message)
    for leak in leaks(cassette, policy.known):
        place, _, rule = leak.rpartition(": ")
        yield Finding(name, place, "secret", rule)


def _surroundings(name: str, path: Path, stamp: Stamp | None, policy: Policy, today: date) -> Iterator[Finding]:
    if stamp is None:
        yield Finding(name, "", "unstamped", "nobody knows when it was recorded, and by which contract; stamp it")
    elif stamp.cassette_sha256 != stamps.digest(path):
        yield Finding(name, "", "unstamped", "changed since it was stamped; stamp it")
    else:
        yield from _age(name, stamp, policy.max_age_days, today)
    if policy.is_used and not policy.is_used(name):
        yield Finding(name, "", "orphan", "no test names it; remove it, or use it")


def _age(name: str, stamp: Stamp, max_age_days: int, today: date) -> Iterator[Finding]:
    if stamp.contract_sha256 != stamps.contract_digest():
        yield Finding(name, "", "drift", "the contract changed since it was recorded; record it again")
    if (age := stamp.age_days(today)) > max_age_days:
        yield Finding(name, "", "stale", f"recorded {age} days ago, {max_age_days} are allowed; record it again")
