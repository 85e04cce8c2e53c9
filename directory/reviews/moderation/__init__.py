"""Moderation: the queue, decisions on a review, and readers’ reports."""
