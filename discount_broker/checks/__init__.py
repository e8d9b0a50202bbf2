"""Responsiveness checks: how a shop treats a question, for those who want to know."""
