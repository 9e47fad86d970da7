"""Work that one process has in hand for a while, and hints to workers that there is some."""
