"""Pages of the publishing app, by what they concern."""
