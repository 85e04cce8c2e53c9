"""Amounts as the estimator writes them, in a table of dollars and in its inputs."""

from decimal import Decimal


def usd(amount: Decimal) -> str:
    """$1,536.83: with cents, so that a column adds up to the eye."""
    return f"${amount:,.2f}"


def unit_price(price: Decimal) -> str:
    """$6.512, $12.60 or $0.13283: as exactly as it is known, with two decimals at least."""
    whole, _, decimals = f"{price:,.6f}".partition(".")
    return f"${whole}.{decimals.rstrip('0'):0<2}"


def percent(share: Decimal) -> str:
    """20% for 0.2, and 12.5% for 0.125."""
    return f"{as_typed(share * 100)}%"


def as_typed(number: Decimal | int) -> str:
    """As a person would type it: 6.512, 260, 0.13283."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
