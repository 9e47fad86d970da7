"""Pinterest's rate limits: counted for all processes together, and kept before anything is sent."""
