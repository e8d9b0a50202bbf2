"""Everything is hurt at once, and afterwards every request is answered for: `python -m tests.faults`."""
