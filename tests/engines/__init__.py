"""Private servers for tests, from what the machine has installed."""
