"""The rules of share links: pure Python, with the clock, the ids and the store handed in."""
