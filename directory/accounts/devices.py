"""What a browser calls itself, in the words of the person who uses it."""

# The first text that is found counts: most browsers also name those whose pages they understand.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """Browser and system by the User-Agent header: "Firefox on Windows". Nothing of the header itself is kept."""
    browser = _first_found(BROWSERS, user_agent) or "Another browser"
    system = _first_found(SYSTEMS, user_agent)
    return f"{browser} on {system}" if system else browser


def _first_found(names: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((words for mark, words in names if mark in text), None)
