"""Shops that never answer, and promises."""
