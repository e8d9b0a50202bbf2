"""Doors and companies as people and lists write them. Pure."""
