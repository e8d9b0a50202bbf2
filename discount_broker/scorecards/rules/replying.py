"""How much a shop may say to its card. Pure."""

LONGEST_REPLY = 2000
"""Characters; enough to explain a card, and still read."""
MOST_UNREAD = 3
"""Replies of one shop that may wait for a lead."""
