"""The analytics of accounts, and the history that Pinterest forgets."""
