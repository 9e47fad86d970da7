"""What the database itself refuses and forgets: triggers, made from the policies."""
