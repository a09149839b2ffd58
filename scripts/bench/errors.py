"""What stops a measurement."""

from __future__ import annotations


class BenchError(Exception):
    """A figure cannot be measured as it is defined; the message says why."""


class Missing(BenchError):
    """Something that is measured, or measures, cannot be had on this machine; the message says why."""
