"""The pages that every check of the browser looks at, and by which rules."""

from collections.abc import Callable

from playwright.sync_api import Page

BARE_NPI = "9000000017"
PATIENCE_MS = 15_000
PAGES = {
    "home": "/",
    "results": "/search?near=90503&specialty=treating",
    "filtered": "/search?near=90503&product=botox&language=es&w_rating=80&w_proximity=20",
    "second page": "/search?near=90503&radius=100&page=2",
    "empty": "/search?near=90503&radius=5&product=daxxify&language=hy&service=topical_anesthetic",
    "nobody": "/search?near=04401",
    "ambiguous": "/search?near=Springfield",
    "misspelled": "/search?near=Torrence",
    "mistakes": "/search?near=&radius=-1&product=nothing&w_rating=lots",
    "start": "/search",
    "comparison": f"/compare?npi=9500000010&npi=9500000028&npi=9500000036&npi={BARE_NPI}&near=90503",
    "comparison of nobody": "/compare",
    "comparison of one": "/compare?npi=9500000010",
    "comparison with mistakes": "/compare?npi=9500000010&npi=9500000028&npi=x&npi=1234567893&near=Torrence"
    "&differences=1",
    "provider": "/providers/{full}",
    "barred provider": f"/providers/{BARE_NPI}",
    "outcomes": "/outcomes",
    "week by week": "/guide/timeline",
    "costs": "/guide/costs",
    "costs with a plan": "/guide/costs?product=dysport&payer=commercial&sides=both&deductible=1500&coinsurance=30"
    "&copay=40&out_of_pocket=1700&dose_typical=620&dose_high=800&npi=9500000010",
    "costs with mistakes": "/guide/costs?dose_low=-5&price_low=NaN&coinsurance=200&product=nothing&npi=1",
    "costs in Spanish": "/es/guide/costs?product=daxxify&payer=self_pay",
    "week by week in Spanish": "/es/guide/timeline",
    "guide": "/guide",
    "guide in Spanish": "/es/guide",
    "what neck spasms are": "/guide/what-it-is",
    "the medicine": "/guide/the-medicine",
    "how it works": "/guide/how-it-works",
    "the visit": "/guide/the-visit",
    "benefits": "/guide/benefits",
    "who it may suit": "/guide/who-it-suits",
    "risks": "/guide/risks",
    "risks in Spanish": "/es/guide/risks",
    "questions patients ask": "/guide/questions",
    "choosing a provider": "/guide/choosing",
    "cost and insurance": "/guide/cost-and-insurance",
    "combining treatments": "/guide/combining",
    "prepare for the consultation": "/guide/prepare",
    "prepare in Spanish": "/es/guide/prepare",
    "aftercare": "/guide/aftercare",
    "aftercare in Spanish": "/es/guide/aftercare",
    "questions for the insurer": "/guide/insurer?product=botox",
    "questions for the insurer with a mistake": "/es/guide/insurer?product=x",
    "how we rank": "/how-we-rank",
    "how we verify": "/how-we-verify",
    "write a review": "/providers/9500000010/reviews/new",
    "find my reviews": "/reviews/mine",
    "report a review": "/reviews/1/report",
    "reported": "/reviews/1/report/received",
    "review policy": "/review-policy",
    "write a review in Spanish": "/es/providers/9500000010/reviews/new",
    "outcomes in Spanish": "/es/outcomes",
    "review policy in Spanish": "/es/review-policy",
    "home in Spanish": "/es/",
    "results in Spanish": "/es/search?near=90503&specialty=treating&product=botox",
    "search mistakes in Spanish": "/es/search?near=&radius=-1&product=nothing&w_rating=lots",
    "provider in Spanish": "/es/providers/{full}",
    "how we rank in Spanish": "/es/how-we-rank",
    "privacy in Spanish": "/es/privacy",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "sign in": "/account/sign-in",
    "forgotten password": "/account/forgotten-password",
    "staff page": "admin:/admin",
    "accounts": "admin:/admin/accounts",
    "one account": "admin:/admin/accounts/1",
    "the log": "admin:/admin/log",
    "the log with mistakes": "verifier:/admin/log?number=x&since=2026-02-01&until=2026-01-01",
    "conflicts": "verifier:/account/conflicts",
    "invitation that is none": "/invitation?key=x",
    "credentials to verify": "verifier:/admin/verify",
    "credentials of a filter": "admin:/admin/verify?kind=claimed&assigned=me&provider=nobody",
    "exact matches": "verifier:/admin/verify/exact",
    "provider to enter a credential of": "verifier:/admin/verify/new?npi=1",
    "credential by hand": "verifier:/admin/verify/new?npi=9500000010",
    "reviews to decide": "moderator:/admin/reviews",
    "a review to moderate": "moderator:/admin/reviews/1",
    "own account": "clinic:/account",
    "own credentials": f"clinic:/account/providers/{BARE_NPI}/credentials",
    "kind of a credential": f"clinic:/account/providers/{BARE_NPI}/credentials/new",
    "new credential": f"clinic:/account/providers/{BARE_NPI}/credentials/new?kind=board_certification",
    "date of birth": f"clinic:/account/providers/{BARE_NPI}/credentials/birth-date",
    "authenticator app": "moderator:/account/second-factor",
    "passkeys": "moderator:/account/passkeys",
    "new passkey": "moderator:/account/passkeys/new",
    "sign-ins": "moderator:/account/sessions",
    "recovery codes": "moderator:/account/recovery-codes",
    "shown recovery codes": "moderator:/account/recovery-codes?show_codes=1",
    "change of password": "moderator:/account/password",
    "password again": "moderator:/account/password-again",
    "claim": "/claim/9500000010",
    "claim that cannot be": f"/claim/{BARE_NPI}",
    "claim that is made": "/claim/9500000010/made",
    "claim of a cut link": "/claim/mine?key=x",
    "claims": "verifier:/admin/claims",
    "clinics' own words": "moderator:/admin/statements",
    "facts of a practice": f"clinic:/account/providers/{BARE_NPI}",
    "refused": "verifier:/admin/matches",
    "not found": "/nowhere",
}  # of an address, or of a role and an address that it signs in for
WIDTHS = (375, 1280)
WCAG = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
"""What a dark page may break that a light one keeps: nothing else hangs on the colors."""
PRESSABLE = (
    "button, select, summary, label.choice, nav a, .choices a, .chips a, .marker,"
    "input:not([type=checkbox], [type=radio], [type=hidden])"
)  # of a box or button with its words the whole label is pressed
NARROWEST = 320  # WCAG 1.4.10 Reflow


def unfold(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait for what no locator tells of. Raises `AssertionError` when patience ends."""
    for _ in range(PATIENCE_MS // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come about")
