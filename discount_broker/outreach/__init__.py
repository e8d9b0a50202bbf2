"""Asking one shop for one discount request."""
