"""`aitronos-mock verify`: every behaviour that the contract describes, tried on a server that claims it."""
