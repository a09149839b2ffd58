"""Servers that are broken on purpose, each in one way: what `aitronos-mock verify` has to find."""
