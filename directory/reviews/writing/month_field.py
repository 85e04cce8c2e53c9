"""The field of a month, as the forms about reviews ask for it."""

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from directory.web.days import today_in_california
from directory.web.filters import month as month_name
from directory.web.typed_fields import TypedField

MAX_YEARS_AGO = 5


class MonthField(TypedField):
    """A month of the last years, as its first day. `stored` is offered too, however long ago it was."""

    sentence = _l("Choose the month of your visit.")
    stored: date | None = None

    def read(self, text: str) -> date:
        year, _, number = text.partition("-")
        try:
            chosen = date(int(year), int(number), 1)
        except ValueError:
            raise ValueError(str(self.sentence)) from None
        offered = self._offered()
        if chosen > offered[0]:
            raise ValueError(gettext("That month is still to come. Choose the month of your last visit."))
        if chosen not in offered:
            raise ValueError(
                gettext(
                    "We take reviews of visits in the last %(years)s years, so that they tell of care as it is now.",
                    years=MAX_YEARS_AGO,
                )
            )
        return chosen

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        chosen = self.shown[:7]
        months = [(f"{month:%Y-%m}", month_name(month), f"{month:%Y-%m}" == chosen) for month in self._offered()]
        return [("", gettext("Choose a month"), not chosen), *months]

    def _offered(self) -> list[date]:
        """The months that may be chosen, the latest first."""
        today = today_in_california()
        latest = 12 * today.year + today.month - 1
        months = [date(*_year_and_month(latest - ago), 1) for ago in range(12 * MAX_YEARS_AGO + 1)]
        return [*months, *([self.stored] if self.stored and self.stored < months[-1] else [])]


def _year_and_month(months: int) -> tuple[int, int]:
    return months // 12, months % 12 + 1
