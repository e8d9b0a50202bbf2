"""Reads what people write to each other. Pure."""
