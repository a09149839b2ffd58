"""The smallest servers that answer as the documentation shows, without state: what a framework costs by itself."""
