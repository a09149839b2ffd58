"""Swagger UI over the descriptions of what is served, for people with a browser."""

from .site import Docs

__all__ = ["Docs"]
