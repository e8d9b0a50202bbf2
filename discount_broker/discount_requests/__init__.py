"""The buyer's ask, its product and its timeline."""
