"""A sheet for the consultation, made of answers that are not kept."""
