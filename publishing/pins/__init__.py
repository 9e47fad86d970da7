"""A Pin: what it says, where it is on its way, what is told of it."""
