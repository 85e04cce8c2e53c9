"""Published reviews on pages: the sections of the provider page, outcomes, and the review policy."""
