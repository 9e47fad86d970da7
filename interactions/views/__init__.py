"""The public doors and the pages."""
