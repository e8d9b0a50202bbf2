"""E-mail addresses on a page."""
