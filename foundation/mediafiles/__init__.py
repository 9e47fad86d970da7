"""Reading pictures and films that come from outside: what they are, and what they show."""
