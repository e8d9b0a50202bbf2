"""The demonstration keeps its promises."""
