"""Which pictures and videos Pinterest takes, and files made fit for it."""
