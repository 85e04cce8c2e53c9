"""What programs notice in a text or about a review. It sorts and explains; it decides nothing."""
