"""What people read and compare of interactions."""
