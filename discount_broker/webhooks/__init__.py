"""Telling programs of others what happened to the requests they made."""
