"""The benchmarks: `python -m tests.bench` (see `python3 dev.py bench`)."""
