"""Pins as files to take away."""
