"""What each picture says: known pages alone, never a text from an address."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from directory.api.guide_pages import GuidePage, known_guide
from directory.api.pictures.drawing import Words
from directory.api.queries import rating_here
from directory.providers.models import Provider
from directory.providers.queries import provider_of, specialty_names

SITE = "site"
PAGES = {
    SITE: _l("Find a provider who treats neck spasms"),
    "how-we-rank": _l("How we rank"),
    "how-we-verify": _l("How we verify"),
    "outcomes": _l("Outcomes that patients report"),
    "review-policy": _l("Review policy"),
}


def words_of(kind: str, name: str) -> Words | None:
    """What the picture of that address says, in the language of the request; None when there is no such picture."""
    if kind == "pages" and name in PAGES:
        return words_of_page(name)
    if kind == "guide":
        page = next((page for page in known_guide().pages if page.slug == name), None)
        return words_of_guide(page) if page else None
    if kind == "providers":
        provider = provider_of(name)
        return words_of_provider(provider) if provider and not provider.is_demonstration else None
    return None


def words_of_page(name: str) -> Words:
    return _words(str(PAGES[name]), gettext("Ranked by distance, verified qualifications and patient reviews"))


def words_of_guide(page: GuidePage) -> Words:
    return _words(str(page.title), str(page.summary))


def words_of_provider(provider: Provider) -> Words:
    """Reviews are counted where patients wrote some here of a provider who may be ranked."""
    codes = [specialty.specialty_code for specialty in provider.specialties]
    names = specialty_names(codes)
    specialty = next((gettext(names[code]) for code in codes if code in names), None)
    rating = rating_here(provider.npi)
    reviews = ngettext("%(num)s review by a patient", "%(num)s reviews by patients", rating.reviews) if rating else None
    return _words(provider.name, *(detail for detail in (specialty, reviews) if detail))


def _words(title: str, *details: str) -> Words:
    return Words(gettext("Neck Spasm Directory"), title, details, gettext("Around Torrance, California"))
