"""Looking, before a Pin goes out, for what may keep it from going out as meant."""
