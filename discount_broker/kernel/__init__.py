"""Words that every slice uses."""
