"""Reads of reviews, one module a reader."""
