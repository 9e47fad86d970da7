"""Pinterest as an allauth provider of our own."""
