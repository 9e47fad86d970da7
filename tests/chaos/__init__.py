"""Publishes Pins while everything is killed, restarted and lied to, and counts at Pinterest.

`python -m tests.chaos` (see dev.py chaos); docs/chaos.md says what it plays and how to read it.
"""
