"""For test suites of programs that use the API: a mock to test against, and a sandbox of it for every test.

pytest users have all of it as fixtures; see `aitronos_mock.pytest_plugin`. Nothing heavy is imported until it is used.
"""

from .entries import Operation, Request
from .errors import MissingPackage, MockError, MockRefused, MockUnavailable
from .journal import Journal
from .mock import Mock
from .sandbox import Sandbox, SandboxPlan
from .steering import Clock, Faults

__all__ = [
    "Clock",
    "Faults",
    "Journal",
    "MissingPackage",
    "Mock",
    "MockError",
    "MockRefused",
    "MockUnavailable",
    "Operation",
    "Request",
    "Sandbox",
    "SandboxPlan",
]
