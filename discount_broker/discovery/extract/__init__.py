"""Parsers: HTML in, plain data out; nothing here knows a shop, a row or a clock."""
