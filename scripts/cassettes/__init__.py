"""Recorded conversations with the API: what is said, and how secrets leave them.

The recorder (`scripts/record_cassettes.py`) and the tests under `tests/contract` share this package. Data flows one
way: `world` → `scenarios` → `driving` → `tape`, through `scrubbing`, into files. `aitronos_mock.cassettes` judges them,
by our `policy`.
"""
