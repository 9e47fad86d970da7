"""Pins: composing, scheduling and sending them."""
