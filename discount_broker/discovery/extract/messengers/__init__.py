"""The shop's own accounts in messengers."""
