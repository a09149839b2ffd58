"""Faults: what goes wrong on purpose, and when."""

from .faults import MAX_FAULTS, Fault, Faults, Seed, Strike, TooManyFaults, strike
from .plans import FaultPlan

__all__ = ["MAX_FAULTS", "Fault", "FaultPlan", "Faults", "Seed", "Strike", "TooManyFaults", "strike"]
