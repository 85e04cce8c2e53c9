"""What to ask the insurer, with the codes, and what prior authorization needs."""
