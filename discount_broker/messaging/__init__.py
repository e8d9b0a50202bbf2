"""The outbox: one message, one address, one channel."""
