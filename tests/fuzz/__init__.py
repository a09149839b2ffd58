"""Schemathesis against running mocks."""
