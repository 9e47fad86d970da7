"""What changes interactions, sites and entities."""
