"""Lists of products that shops publish."""
