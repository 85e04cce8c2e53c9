"""What a test reads of a page: its tags with their attributes and texts."""

from html.parser import HTMLParser

WITHOUT_END = {"input", "br", "img", "hr", "wbr", "link", "meta", "source", "col"}


class Tag:
    """One tag of a page with the text inside it, of its children too."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes, self.raw = name, attributes, ""

    @property
    def text(self) -> str:
        return " ".join(self.raw.split())

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Page(HTMLParser):
    """The tags of an HTML page in their order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self._open: list[Tag] = []
        self.feed(html)

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        tag = Tag(name, {key: value or "" for key, value in attributes})
        self.tags.append(tag)
        if name not in WITHOUT_END:
            self._open.append(tag)

    def handle_endtag(self, name: str) -> None:
        if any(tag.name == name for tag in self._open):
            while self._open.pop().name != name:
                pass

    def handle_data(self, text: str) -> None:
        for tag in self._open:
            tag.raw += text

    def named(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name == name]

    def of_class(self, name: str) -> list[Tag]:
        return [tag for tag in self.tags if name in tag.classes]

    def at(self, anchor: str) -> Tag:
        """The tag with that id; there is one. Raises `ValueError`."""
        [found] = [tag for tag in self.tags if tag.attributes.get("id") == anchor]
        return found
