"""Everything `make run` keeps running on one machine, and how it is started and stopped."""
