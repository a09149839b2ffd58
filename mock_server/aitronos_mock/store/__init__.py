"""Where the world is kept: one schema, one set of statements."""
