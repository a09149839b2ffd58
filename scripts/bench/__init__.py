"""The benchmark: the mock beside its peers, and the SDK beside raw httpx, in one run."""
