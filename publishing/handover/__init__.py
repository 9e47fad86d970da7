"""One account in another's place."""
