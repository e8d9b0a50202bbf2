"""Say what you want to buy and the discount you want; we ask the shop and its rivals for you."""
