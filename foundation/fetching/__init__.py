"""Fetching from addresses that people typed, without being led into our own network."""
