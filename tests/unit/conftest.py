"""Gives property tests the time that a busy machine needs: none of them is about time."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "untimed", parent=settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")
