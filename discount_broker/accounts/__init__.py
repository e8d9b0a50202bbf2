"""Buyers, and the operators of the desk."""
