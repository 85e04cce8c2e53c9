"""What is done with credentials: keeping each provider's qualification score. The caller commits."""

from datetime import date


def rescore_qualification(npi: str, today: date | None = None) -> None:
    """Score one provider as of `today` (by default today in California) and keep the score, or drop an empty one."""
    raise NotImplementedError


def rescore_all(today: date | None = None) -> tuple[int, int]:
    """Score every provider of whom anything is known. Returns how many were scored and how many scores changed."""
    raise NotImplementedError
