"""The list of Pins, a Pin's page and its timeline, and the preferences."""
