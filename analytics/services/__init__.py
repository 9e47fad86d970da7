"""Pulling figures."""
