"""The site itself and who runs it, on its first page."""

from typing import Any

from directory.api.schema_org import CONTEXT


def site(url: str, name: str, description: str, languages: list[str]) -> list[dict[str, Any]]:
    """A `WebSite` and the `Organization` that publishes it. `languages`: ISO 639-1."""
    organization = f"{url}#organization"
    return [
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "@id": f"{url}#site",
            "url": url,
            "name": name,
            "description": description,
            "inLanguage": languages,
            "publisher": {"@id": organization},
        },
        {"@context": CONTEXT, "@type": "Organization", "@id": organization, "url": url, "name": name},
    ]
