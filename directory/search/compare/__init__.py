"""Up to four providers side by side."""
