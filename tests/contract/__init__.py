"""What openapi.yaml promises, held against recorded conversations. Needs no network and no server."""
