"""What columns may hold: enumerations and bounds, which policies and models share. Pure."""
