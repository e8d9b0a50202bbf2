"""The product of a page, its price and whether it can be had."""
