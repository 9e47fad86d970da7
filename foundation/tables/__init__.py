"""Tables as files: read as spreadsheets leave them, written so that nothing in them runs."""
