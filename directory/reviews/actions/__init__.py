"""Writes of reviews, one module a kind of act."""
