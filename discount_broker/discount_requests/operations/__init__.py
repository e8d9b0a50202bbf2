"""What other slices do to a request, and what its own use cases share."""

from discount_broker.discount_requests.operations.requests import advance, close, tell, text_news

__all__ = ["advance", "close", "tell", "text_news"]
