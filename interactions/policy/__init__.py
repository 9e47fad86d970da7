"""The rules of verification: pure, and given `now`."""
