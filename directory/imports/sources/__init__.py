"""Public sources: fetched from their publishers, kept up to date, and listed for readers."""
