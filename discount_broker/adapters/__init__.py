"""One outside system each, behind the ports of the slices."""
