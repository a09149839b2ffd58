"""The control plane: what a test or a person changes about a sandbox."""
