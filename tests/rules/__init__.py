"""Decisions: values in, value out. Neither application nor database."""
