"""The pages of the verifier's desk, one module a page."""
