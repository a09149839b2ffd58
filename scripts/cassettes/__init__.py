"""Recorded conversations with the API: what is said, how secrets leave them, and what has to hold for each.

The recorder (`scripts/record_cassettes.py`) and the tests under `tests/contract` share this package. Data flows one
way: `world` → `scenarios` → `driving` → `tape`, through `scrubbing`, into files; `leaks` and `conformance` judge them.
"""
