"""Pins that wait for a person."""
