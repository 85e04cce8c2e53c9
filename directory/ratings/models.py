"""Tables of rating estimates, and of what all providers share."""

from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from directory.extensions import Model
from directory.providers.models import WhenMerged


class RatingEstimate(Model):
    """Our estimate of a provider's rating, in stars, with its 90 % interval."""

    __tablename__ = "rating_estimate"
    when_merged = WhenMerged.STAY
    ranked = True

    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True)
    estimate: Mapped[float]
    low: Mapped[float]
    high: Mapped[float]
    reviews_counted: Mapped[int]
    reviews_discounted: Mapped[int] = mapped_column(default=0)  # how many count less than in full, or not at all


class RatingParameters(Model):
    """What all providers share: the mean rating in stars, and the model's other parameters. One row."""

    __tablename__ = "rating_parameters"

    id: Mapped[int] = mapped_column(primary_key=True)
    mean: Mapped[float]  # of all providers; what one without reviews is ranked by
    model: Mapped[dict[str, Any]] = mapped_column(JSON)  # `model.Parameters.to_json`
