"""Pages of the accounts app, by what they concern."""
