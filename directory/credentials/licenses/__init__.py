"""Licenses beside the public files of their boards: what the files confirm, renew, end or put to a verifier."""
