"""The credentials that a clinic submits for its providers."""
