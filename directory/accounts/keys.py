"""Keys derived from SECRET_KEY, one for each purpose, and what is stored of the keys that people are given."""

import hashlib
import hmac
from base64 import urlsafe_b64encode


def derived_key(secret_key: str, purpose: str) -> str:
    """32 bytes in URL-safe base64, as Fernet takes them. Another secret voids what they sealed."""
    return urlsafe_b64encode(hmac.digest(secret_key.encode(), f"accounts:{purpose}".encode(), hashlib.sha256)).decode()


def hash_of_key(key: str) -> str:
    """SHA-256 of a random key in a cookie or a link, in hex: who reads it in the database cannot use it."""
    return hashlib.sha256(key.encode()).hexdigest()
