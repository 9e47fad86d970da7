"""Reads of the publishing app."""
