"""The roles of accounts. An account without one may do nothing."""

ADMIN = "admin"
VERIFIER = "verifier"
MODERATOR = "moderator"
CLINIC = "clinic"

ROLES = {
    ADMIN: "keeps the site; may do what all staff may",
    VERIFIER: "checks credentials",
    MODERATOR: "decides about reviews",
    CLINIC: "represents a clinic or provider",
}
STAFF = frozenset({ADMIN, VERIFIER, MODERATOR})

SECOND_PERSON_NEEDED = (
    "A second person is needed. Two people have to agree before a published review is removed, before a name on an "
    "exclusion list counts as a provider here, and before a credential counts as failed, so that no one person’s "
    "mistake or interest decides. Until a second account can decide, these wait."
)


def is_allowed(held: set[str], wanted: set[str]) -> bool:
    """Whether an account with the roles `held` may do what asks for one of `wanted`. An admin counts as all staff."""
    return bool(held & wanted) or (ADMIN in held and bool(STAFF & wanted))
