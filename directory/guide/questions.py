"""What patients ask, with short answers: the page of questions and the data for search engines are made from this list.

An answer is made of keys of facts.toml, whose words carry their source, and of sentences of our own, which claim
nothing about the treatment: they say what to do, or lead on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from directory.guide.contents import BY_SLUG, GuidePage
from directory.web.facts import Fact, fact
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l

Part = str | LazyString
"""The key of a fact, or a sentence of our own."""


@dataclass(frozen=True, slots=True)
class PatientQuestion:
    """`anchor` is its place on the page; `more` the slug of the page that says more, and the place there."""

    anchor: str
    words: LazyString
    answer: tuple[Part, ...]
    more: tuple[str, str]

    @property
    def more_title(self) -> LazyString:
        return self._more_page.title

    @property
    def more_url(self) -> str:
        place = self.more[1]
        return f"{self._more_page.url}#{place}" if place else self._more_page.url

    @property
    def _more_page(self) -> GuidePage:
        return BY_SLUG[self.more[0]]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions about one matter."""

    anchor: str
    title: LazyString
    questions: tuple[PatientQuestion, ...]


GROUPS = (
    Group(
        "results",
        _l("How well it works"),
        (
            PatientQuestion(
                "how-soon",
                _l("How soon does it work?"),
                (
                    "first_improvement_trial",
                    "peak_trial",
                    _l("The article that this site started with is more hopeful."),
                    "first_improvement_article",
                ),
                ("timeline", "first-effect"),
            ),
            PatientQuestion(
                "how-long",
                _l("How long does it last?"),
                (
                    "cycle_weeks",
                    _l("The article that this site started with is more hopeful."),
                    "duration_article",
                ),
                ("timeline", "wearing-off"),
            ),
            PatientQuestion(
                "stops-working",
                _l("What if it stops working?"),
                (
                    "effect_may_fade",
                    "antibodies_early",
                    _l("Tell your provider, and ask about another dose, other muscles or another product."),
                ),
                ("timeline", "next-treatment"),
            ),
        ),
    ),
    Group(
        "treatment",
        _l("The treatment"),
        (
            PatientQuestion(
                "right-for-me",
                _l("Could it be right for me?"),
                ("suits_article", "consultation_only_article"),
                ("who-it-suits", ""),
            ),
            PatientQuestion(
                "which-product",
                _l("Which product is right for me?"),
                (
                    "indicated_products",
                    "units_not_interchangeable",
                    _l("Your doctor chooses. Ask why this one."),
                ),
                ("the-medicine", ""),
            ),
            PatientQuestion(
                "how-many-injections",
                _l("How many injections will I need?"),
                ("sites_article", "muscles_chosen", "least_interval_weeks"),
                ("the-visit", "injection"),
            ),
            PatientQuestion(
                "other-treatments",
                _l("Can I combine it with other treatments?"),
                (
                    "combine_article",
                    "medicines_that_add_up",
                    _l("Show your doctor a list of everything you take."),
                ),
                ("combining", ""),
            ),
        ),
    ),
    Group(
        "safety",
        _l("Safety and comfort"),
        (
            PatientQuestion(
                "does-it-hurt",
                _l("Does it hurt?"),
                (
                    "pain_article",
                    _l("Ask the clinic if it numbs the skin. Patients here say how much it hurt."),
                ),
                ("the-visit", "pain"),
            ),
            PatientQuestion(
                "risks",
                _l("Is it safe, and what are the risks?"),
                ("common_effects_article", "boxed_warning", "emergency"),
                ("risks", ""),
            ),
            PatientQuestion(
                "swallowing",
                _l("What if I have trouble swallowing?"),
                (
                    "emergency",
                    _l("There are numbers for Botox."),
                    "swallowing_percent",
                    "swallowing_before",
                ),
                ("risks", "boxed-warning"),
            ),
            PatientQuestion(
                "pregnancy",
                _l("What if I am pregnant or breastfeeding?"),
                (
                    "pregnancy_unknown",
                    _l("Tell the doctor before the injection if you are, might be, or want to be pregnant."),
                ),
                ("who-it-suits", "careful"),
            ),
            PatientQuestion(
                "driving",
                _l("Can I drive afterward?"),
                (
                    "driving_weakness",
                    _l("The first time, ask someone to take you home."),
                ),
                ("aftercare", "first-24-hours"),
            ),
            PatientQuestion(
                "exercise",
                _l("When can I exercise again?"),
                ("exercise_hours", "light_activity"),
                ("aftercare", "first-24-hours"),
            ),
        ),
    ),
    Group(
        "money",
        _l("Cost and insurance"),
        (
            PatientQuestion(
                "cost",
                _l("What does it cost?"),
                (
                    "cost_article",
                    _l("Our tool estimates a low, typical and high cost from your own numbers."),
                ),
                ("costs", ""),
            ),
            PatientQuestion(
                "insurance",
                _l("Does insurance cover it?"),
                ("insurance_article", "medicare_share_percent"),
                ("cost-and-insurance", "insurance"),
            ),
            PatientQuestion(
                "prior-authorization",
                _l("Does my plan have to approve it first?"),
                ("prior_authorization", "prior_authorization_asks"),
                ("insurer", ""),
            ),
        ),
    ),
)

QUESTIONS = tuple(question for group in GROUPS for question in group.questions)


def faq() -> Iterator[tuple[str, str, str]]:
    """Each question in the page's order: its anchor, its words, and its answer with its sources as plain text."""
    for question in QUESTIONS:
        yield question.anchor, str(question.words), _plain(question)


def _plain(question: PatientQuestion) -> str:
    facts = [fact(part) for part in question.answer if isinstance(part, str)]
    sources = "; ".join(dict.fromkeys(_source(each) for each in facts))
    said = " ".join(gettext(fact(part).words) if isinstance(part, str) else str(part) for part in question.answer)
    return gettext("%(answer)s Sources: %(sources)s.", answer=said, sources=sources)


def _source(found: Fact) -> str:
    source = gettext(found.source)
    return source if found.confirmed else gettext("%(source)s (not yet confirmed)", source=source)
