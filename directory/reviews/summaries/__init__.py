"""What many reviews say together, as numbers, words and pictures."""
