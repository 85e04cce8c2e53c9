"""Template filters: plain values as pages write them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from babel.dates import format_date, format_skeleton, format_time
from flask import Flask
from jinja2 import StrictUndefined
from markupsafe import Markup

from directory.web.days import PACIFIC, age_in_words, local_day
from directory.web.languages import ENGLISH, current_language, current_locale
from directory.web.messages import gettext


def init_app(app: Flask) -> None:
    written = (
        day,
        month,
        short_month,
        moment,
        age,
        clock,
        miles,
        stars,
        points,
        money,
        money_range,
        phone_link,
        phone_url,
        count_of,
        capital,
        translated,
    )
    for template_filter in written:
        app.add_template_filter(template_filter)
    app.jinja_env.undefined = StrictUndefined  # a name that a view forgot is a bug, not an empty place on the page
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def day(moment: date | datetime | None) -> str:
    """January 2, 2026 or 2 de enero de 2026, in Los Angeles when given a moment; empty for None."""
    local = _local_day(moment)
    return format_date(local, "long", current_locale()) if local else ""


def month(moment: date | datetime | None) -> str:
    """January 2026 or enero de 2026."""
    local = _local_day(moment)
    return format_skeleton("yMMMM", local, locale=current_locale()) if local else ""


def short_month(moment: date | datetime | None) -> str:
    """Jan 2026 or ene 2026, where there is little room."""
    local = _local_day(moment)
    return format_skeleton("yMMM", local, locale=current_locale()) if local else ""


def moment(at: datetime) -> str:
    """January 2, 2026, 3:04:05 PM PST: to the second, in Los Angeles."""
    local = at.astimezone(PACIFIC)
    return f"{day(at)}, {local.hour % 12 or 12}:{local:%M:%S %p %Z}"


def age(at: datetime) -> str:
    """How long ago: "5 minutes"."""
    return age_in_words(at, datetime.now(UTC))


def clock(at: time) -> str:
    """8:30 am, or 5 pm on the hour; 8:30 a. m. in Spanish."""
    if current_language() != ENGLISH:
        return format_time(at, "short", locale=current_locale())
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


def _local_day(moment: date | datetime | None) -> date | None:
    return local_day(moment) if isinstance(moment, datetime) else moment


def miles(distance_miles: float) -> str:
    if distance_miles < 0.1:
        return gettext("less than 0.1 mile")
    distance = f"{distance_miles:.1f}" if distance_miles < 100 else f"{distance_miles:,.0f}"
    return gettext("%(distance)s miles", distance=distance)


def stars(rating: float) -> str:
    return f"{rating:.1f}"


def points(share: float) -> str:
    """A share of 1 as points of 100, with one decimal: 0.4217 -> 42.2."""
    return f"{share * 100:.1f}"


def money(usd: Decimal | float) -> str:
    """$1,250, or $6.51 when there are cents."""
    return f"${usd:,.0f}" if usd == int(usd) else f"${usd:,.2f}"


def money_range(low_usd: Decimal | float, high_usd: Decimal | float) -> str:
    if low_usd == high_usd:
        return money(low_usd)
    return gettext("%(low)s to %(high)s", low=money(low_usd), high=money(high_usd))


def phone_url(phone: str | None, country: str = "US") -> str:
    """The tel: address of a number, with the country's code and the extension; empty when it is no number to call."""
    if not phone:
        return ""
    import phonenumbers

    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)


def phone_link(phone: str | None, country: str = "US") -> Markup | str:
    """A tel: link; the plain text when it is no number to call."""
    url = phone_url(phone, country)
    return Markup('<a class="phone" href="{}">{}</a>').format(url, phone) if url else phone or ""


def bytes_in_words(count: int) -> str:
    """How much that is: "1.2 GB", "14.3 MB", "50.9 kB"."""
    unit, name = (10**9, "GB") if count >= 10**9 else (10**6, "MB")
    return f"{count / unit:,.1f} {name}" if count >= 10**5 else f"{count / 1000:,.1f} kB"


def count_of(number: int, singular: str, plural: str | None = None) -> str:
    """1 provider, 2,104 providers. English alone: pages in every language use `ngettext`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def capital(text: str) -> str:
    """With a large first letter, the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def translated(text: str) -> Markup | str:
    """A text of a table or the database in the language of the page; marked as English where it has no translation."""
    if not text or current_language() == ENGLISH:
        return text
    found: str = gettext(text)
    return Markup('<span lang="{}">{}</span>').format(ENGLISH.code, text) if found == text else found
