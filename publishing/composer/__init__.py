"""Writing and planning a Pin."""
