"""A page as such: its charset, text, language, links and the site it belongs to."""
