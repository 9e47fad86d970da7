"""One change of many Pins."""
