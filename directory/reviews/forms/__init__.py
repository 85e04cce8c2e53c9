"""Forms of reviews, one module a person who fills them in."""
