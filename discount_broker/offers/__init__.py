"""The shop's answer and the buyer's decision."""
