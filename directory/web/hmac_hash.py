"""Hashes that only this site can make: to recognize an address or a network again without keeping it."""

import hashlib
import hmac
import ipaddress

from flask import current_app


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 of `text` under the site's secret, in hex. Hashes of different purposes cannot be compared."""
    key = hmac.digest(current_app.config["SECRET_KEY"].encode(), b"keyed_hash:" + purpose.encode(), hashlib.sha256)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def network_of(address: str | None) -> str:
    """The network that an IP address belongs to, as wide as one household or office: /24, or /48 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
