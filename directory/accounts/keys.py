"""Keys derived from SECRET_KEY, one for each purpose. Another secret voids what they sealed."""

import hashlib
import hmac
from base64 import urlsafe_b64encode


def derived_key(secret_key: str, purpose: str) -> str:
    """32 bytes in URL-safe base64, as Fernet takes them."""
    return urlsafe_b64encode(hmac.digest(secret_key.encode(), f"accounts:{purpose}".encode(), hashlib.sha256)).decode()
