"""What other features make of a provider's facts. Each registers how, so that who changes facts needs to know none."""

from collections.abc import Callable, Sequence

from flask import Flask, current_app

from directory.extensions import db

Recomputation = Callable[[Sequence[str]], object]
"""Brings what a feature makes of the facts up to date for some NPIs, in the current transaction."""


def register_recomputation(app: Flask, recompute: Recomputation) -> None:
    """Have `recompute` called after those registered before, for providers that were added, merged or taken apart."""
    app.extensions.setdefault("provider_recomputations", []).append(recompute)


def recompute(npis: Sequence[str]) -> None:
    """Bring everything that is made of these providers' facts up to date."""
    db.session.flush()
    for each in current_app.extensions.get("provider_recomputations", []):
        each(npis)
