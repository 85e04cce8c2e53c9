"""Layers of a snapshot from plain values, without a database."""

from collections.abc import Sequence

import numpy as np

from directory.search.snapshot import PROFILE, Layer, row_columns


def layer_at(
    points: Sequence[tuple[float, float]],
    npis: Sequence[int] | None = None,
    parts: Sequence[tuple[float, float]] | None = None,
    switches: Sequence[bool] | None = None,
) -> Layer:
    """A layer of locations numbered from 0 at these points (degrees).

    Of each the NPI (by default its number), the parts of qualification and rating, and whether the license is verified.
    """
    count = len(points)
    latitude, longitude = np.array(points, dtype=np.float64).reshape(-1, 2).T
    qualification, rating = np.array(parts or [(0.5, np.nan)] * count, dtype=np.float64).reshape(-1, 2).T
    profiles = np.zeros(2, dtype=PROFILE)
    profiles["verified"] = (False, True)
    rows = row_columns(
        np.array(range(count) if npis is None else npis, dtype=np.int64),
        np.arange(count),
        latitude,
        longitude,
        qualification=qualification,
        rating=rating,
        profile=np.array(switches or [False] * count, dtype=np.int32),
    )
    return Layer.of(rows, profiles)
