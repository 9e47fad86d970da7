"""Pictures and videos in our own storage."""
