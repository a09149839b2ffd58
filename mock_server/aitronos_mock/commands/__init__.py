"""The commands that speak to the control plane of a running mock, one for each of its operations."""
