"""What became of Pins whose answer was lost, and of those that are gone at Pinterest."""
