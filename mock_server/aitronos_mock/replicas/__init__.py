"""Several processes over one database, each of which may answer any request."""
