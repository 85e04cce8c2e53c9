"""A clinic claims a provider's page: a code reaches the practice, and the person who enters it speaks for it."""
