"""What is asked of the cassettes in this repository, beyond what is asked of anybody's."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from aitronos_mock.cassettes import fakes
from aitronos_mock.cassettes.known import Known
from aitronos_mock.cassettes.linting import Policy

from .scenarios import SCENARIOS

KNOWN = Known(hosts=frozenset(urlsplit(url).netloc for url in (fakes.SERVER, fakes.MEDIA)))
"""Nothing but fakes, and no host but the documented ones."""

_SCENARIOS = frozenset(scenario.name for scenario in SCENARIOS)


def is_replayed(name: str) -> bool:
    """Whether a scenario, each of which is replayed by a test, has the cassette of this name."""
    return PurePosixPath(name).with_suffix("").as_posix() in _SCENARIOS


POLICY = Policy(KNOWN, complete=True, is_used=is_replayed)
"""The recorder keeps whole what it records, and every scenario is replayed."""
