"""Eight shops that never were, each reachable in its own way."""
