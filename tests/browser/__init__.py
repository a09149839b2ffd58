"""The mock as a browser meets it."""
