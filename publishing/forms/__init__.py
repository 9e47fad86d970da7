"""The forms of the publishing app."""
