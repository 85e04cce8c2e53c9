"""The table of answers from an outside geocoder."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from directory.extensions import Model


class GeocodedAddress(Model):
    """One answer of an outside geocoder to one address of a practice; never a searcher's own place."""

    __tablename__ = "geocoded_address"

    geocoder: Mapped[str] = mapped_column(String(40), primary_key=True)
    address: Mapped[str] = mapped_column(String(400), primary_key=True)  # folded: lower case, single spaces
    latitude: Mapped[float | None]  # empty when the geocoder knew no such address
    longitude: Mapped[float | None]
    precision: Mapped[str] = mapped_column(String(10))
    label: Mapped[str] = mapped_column(String(400))
    answered_at: Mapped[datetime]
