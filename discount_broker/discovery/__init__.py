"""Reading pages: what is sold, who sells it, and how to reach them."""
