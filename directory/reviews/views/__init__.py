"""Pages of reviews, one module a person who uses them."""
