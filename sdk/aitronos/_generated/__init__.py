# Generated from openapi.yaml by scripts/generate.py. Do not edit.
"""A client library for accessing Freddy Music Studio share links"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)
