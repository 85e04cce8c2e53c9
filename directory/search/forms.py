"""What a person types into the search, checked and explained in words.

The page and the command line share this form: every value arrives as text, under the names of the URL's parameters.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, Form, StringField
from wtforms.validators import ValidationError

from directory.places.place import Place
from directory.providers.by_name.scoring import why_not_a_name
from directory.search.filters import ANY, FILTERS, SWITCHES, VALUES, YES, ChosenFilters, SwitchFilter, ValuesFilter
from directory.search.query import (
    DEFAULT_RADIUS_MILES,
    MAX_RADIUS_MILES,
    RESULTS_A_PAGE,
    SORTS,
    SearchQuery,
    Weights,
)
from directory.web.fields import TypedField
from directory.web.messages import gettext, lazy_gettext
from directory.web.messages import lazy_gettext as _l
from directory.web.phrases import Words
from directory.web.plain_text import without_invisible

MAX_PLACE_LENGTH = 200
ON = {"1", "true", "yes", "on", "y"}
OFF = {"0", "false", "no", "off", "n", ""}


class NumberField(TypedField):
    """A finite number from `least` to `most`; nothing typed is the default."""

    def __init__(self, label: Words, sentence: Words, least: float, most: float, **options: Any) -> None:
        super().__init__(label, sentence, **options)
        self.least, self.most = least, most

    def process_formdata(self, typed: Sequence[str]) -> None:
        if typed and typed[0].strip():
            super().process_formdata(typed)

    def read(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and self.least <= number <= self.most):
            raise ValueError(str(self.sentence))
        return number


class PageField(NumberField):
    """The number of a page, from 1; one beyond the last stands for the last."""

    def read(self, text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not text.strip("0"):
            raise ValueError(str(self.sentence))
        return int(text[:30])


class ChoicesField(Field):  # type: ignore[misc]  # WTForms has no types
    """Any number of `choices` (value, label), each named by its value; empty ones ask for nothing.

    One that is no choice is refused.
    """

    data: list[str]

    def __init__(self, label: str, choices: Iterable[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(label, default=[], **options)
        self.choices = list(choices)

    def process_formdata(self, typed: Sequence[str]) -> None:
        self.data = list(dict.fromkeys(code for code in map(str.strip, typed) if code))

    def pre_validate(self, form: Form) -> None:
        known = {value for value, _ in self.choices}
        unknown = [code for code in self.data if code not in known]
        if unknown:
            named = ", ".join(f"“{code[:40]}”" for code in unknown[:3])
            raise ValidationError(
                gettext("We don’t list %(named)s here. Choose one from the list, or leave it out.", named=named)
            )


class SwitchField(BooleanField):  # type: ignore[misc]  # WTForms has no types
    """On or off, by any of the usual words for it."""

    def process_formdata(self, typed: Sequence[str]) -> None:
        word = typed[0].strip().lower() if typed else ""
        if word not in ON | OFF:
            self.data = False
            raise ValueError(gettext("Use 1 for yes, or leave it out."))
        self.data = word in ON


RADIUS = _l("Type the radius as a number of miles, more than 0 and up to %(most)s.", most=round(MAX_RADIUS_MILES))
WEIGHT = _l("Type each weight as a number, 0 or more.")
MIN_RADIUS_MILES = 0.001


class FilteredForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Where to search, and a field for each of `FILTERS`, set below."""

    near = StringField("Where are you?", filters=[lambda text: without_invisible(text or "")])
    radius = NumberField("Within (miles)", RADIUS, MIN_RADIUS_MILES, MAX_RADIUS_MILES, default=DEFAULT_RADIUS_MILES)


def filter_choices(each: ValuesFilter, stored: Iterable[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The choices of a filter, value and label: its groups, its names, and those that the database holds."""
    groups = [(key, group.label) for key, group in each.groups.items()]
    return [*groups, *(each.names or {}).items(), *stored]


for each in FILTERS:
    if isinstance(each, SwitchFilter):
        field = SwitchField(lazy_gettext(each.label))
    else:
        field = ChoicesField(each.heading or each.parameter, filter_choices(each))
    setattr(FilteredForm, each.parameter, field)


class SearchForm(FilteredForm):
    """A search as typed, for a place, a name or both. Fields keep what was typed, right or wrong.

    `stored` has the choices that the database holds, by field (`service.stored_choices`).
    """

    name = StringField("Doctor or practice name", filters=[lambda text: without_invisible(text or "")])
    w_proximity = NumberField("Proximity", WEIGHT, 0.0, math.inf, default=100 * Weights().proximity)
    w_qualification = NumberField("Qualification", WEIGHT, 0.0, math.inf, default=100 * Weights().qualification)
    w_rating = NumberField("Rating", WEIGHT, 0.0, math.inf, default=100 * Weights().rating)
    sort = StringField("Sort", filters=[lambda text: (text or "").strip()])  # one of `SORTS` goes before the weights
    page = PageField("Page", _l("Type the page as a whole number, 1 or more."), 1, math.inf, default=1)

    def __init__(self, typed: MultiDict[str, str] | None, stored: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        super().__init__(typed)
        for parameter, choices in stored.items():
            self[parameter].choices = filter_choices(VALUES[parameter], choices)
        sliders = (self.w_proximity, self.w_qualification, self.w_rating)
        given = [slider for slider in sliders if any(text.strip() for text in slider.raw_data or ())]
        for slider in sliders:
            if given and slider not in given:  # a search that names some weights means those alone
                slider.data = 0.0
        if self.sort.data in SORTS:
            _, named = SORTS[self.sort.data]
            for slider, weight in zip(sliders, (named.proximity, named.qualification, named.rating), strict=True):
                slider.data = 100 * weight

    def validate_sort(self, field: Field) -> None:
        if field.data and field.data not in SORTS:
            raise ValidationError(
                gettext("We can’t sort by “%(named)s”. Choose from the list, or leave it out.", named=field.data[:40])
            )

    def validate_name(self, field: Field) -> None:
        if field.data and (why := why_not_a_name(field.data)):
            raise ValidationError(str(why))

    def validate_near(self, field: Field) -> None:
        if not field.data and not self.name.data:
            raise ValidationError(
                gettext("Type where you are (a ZIP code, a city or an address), or a doctor’s or practice’s name.")
            )
        if len(field.data) > MAX_PLACE_LENGTH:
            raise ValidationError(
                gettext(
                    "That is too long. Type a ZIP code, a city, or an address of up to %(most)s characters.",
                    most=MAX_PLACE_LENGTH,
                )
            )

    def validate(self) -> bool:
        """Whether all that was typed makes sense; `errors` says, by field, what to do about what does not."""
        valid: bool = super().validate()
        if valid and not any((self.w_proximity.data, self.w_qualification.data, self.w_rating.data)):
            self.w_proximity.errors = [gettext("Set at least one of the three weights above 0.")]
            return False
        return valid

    def default_of(self, each: ValuesFilter) -> str:
        """The group in force when nothing is chosen: whoever is asked for by name is not left out."""
        return ANY if each.default and self.name.data else each.default

    @property
    def filters(self) -> ChosenFilters:
        """The filters that are set, once valid."""
        values = {
            parameter: each.asked(frozenset(self[parameter].data or filter(None, [self.default_of(each)])))
            for parameter, each in VALUES.items()
        }
        switches = {parameter: frozenset({YES}) for parameter in SWITCHES if self[parameter].data}
        return {each.parameter: asked for each in FILTERS if (asked := (values | switches).get(each.parameter))}

    @property
    def weights(self) -> Weights:
        """The weights as shares of 1, once valid."""
        typed = (self.w_proximity.data, self.w_qualification.data, self.w_rating.data)
        if math.isinf(sum(typed)):
            typed = tuple(weight / max(typed) for weight in typed)
        total = sum(typed)
        return Weights(*(weight / total for weight in typed))

    @property
    def offset(self) -> int:
        """How many results stand before the page, once valid."""
        return int(self.page.data - 1) * RESULTS_A_PAGE

    def to_query(self, place: Place) -> SearchQuery:
        """The search around `place`, once valid."""
        return SearchQuery(
            place=place,
            radius_miles=self.radius.data,
            filters=self.filters,
            weights=self.weights,
            offset=self.offset,
        )
