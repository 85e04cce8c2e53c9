"""Replies of clinics to reviews, and what they may not say."""
