"""Whether two shops sell the same thing, and who may be one of them."""
