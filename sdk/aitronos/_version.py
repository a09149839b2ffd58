"""The version, above the 5.0.0 that another project published under this name, so that no resolver mistakes the two."""

__version__ = "6.0.0.dev0"
