"""What a confirmed representative keeps up to date: the facts of the practice, and its own words about itself."""
