"""A stateful mock of the share links of the Freddy Music Studio API."""
