"""Filling an empty database with a realistic desk."""
