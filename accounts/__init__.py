"""Who: people, workspaces, Pinterest connections."""
