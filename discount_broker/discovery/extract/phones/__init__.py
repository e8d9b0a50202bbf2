"""Phone numbers on a page."""
