"""Products that somebody watches, and what their pages said over time."""
