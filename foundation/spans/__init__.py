"""Spans of days and times of the wall clock, as people choose and read them."""
