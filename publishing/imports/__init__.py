"""Files of Pins that somebody brings along."""
