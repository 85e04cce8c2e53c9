"""Writing a review: the form, confirmation by email, and the writer’s own page of it."""
