"""All broken servers."""

from __future__ import annotations

from . import answering, opening, saving, sharing
from .ways import Mutant

MUTANTS: tuple[Mutant, ...] = (*sharing.mutants(), *opening.mutants(), *saving.mutants(), *answering.mutants())
"""Every mutant."""
