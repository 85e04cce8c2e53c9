"""No message lacks its translation, and the check that says so finds what it is there to find."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

HEADER = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(tmp_path: Path, translations: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of one page and its Spanish."""
    for folder in ("directory/search/compare", "directory/translations/es", "directory/guide", "templates/search"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "directory/guide/facts.toml").write_text("")
    (tmp_path / "templates/search/page.html").write_text(
        "{{ _('Hello') }} {% trans n=number, count=number %}{{ n }} <b>page</b>"
        "{% pluralize %}{{ n }} <b>pages</b>{% endtrans %}"
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "TRANSLATIONS", tmp_path / "directory/translations")
    _translate(
        tmp_path,
        'msgid "Hello"\nmsgstr "Hola"\n\nmsgid "%(n)s <b>page</b>"\nmsgid_plural "%(n)s <b>pages</b>"\n'
        'msgstr[0] "%(n)s <b>página</b>"\nmsgstr[1] "%(n)s <b>páginas</b>"\n',
    )
    return tmp_path


def _translate(site: Path, text: str, name: str = "search") -> None:
    (site / f"directory/translations/es/{name}.po").write_text(HEADER + text, "utf-8")


def _change(site: Path, before: str, after: str) -> None:
    path = site / "directory/translations/es/search.po"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_every_message_of_the_site_has_its_translation(translations: ModuleType) -> None:
    assert translations.faults("es", []) == []
    assert sum(len(catalog) for catalog in translations.messages().values()) > 500


def test_a_whole_translation_has_no_fault(site: Path, translations: ModuleType) -> None:
    assert translations.faults("es", []) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"Hola"', '""', "no translation of 'Hello'"),
        ('msgid "Hello"', '#, fuzzy\nmsgid "Hello"', "no translation of 'Hello'"),
        ('msgid "Hello"', 'msgid "Hullo"', "no source has 'Hullo'"),
        ('"%(n)s <b>páginas</b>"', '""', "no translation of"),
        ("%(n)s <b>páginas", "%(m)s <b>páginas", "unknown named placeholder"),
        ("<b>páginas</b>", "<i>páginas</i>", "other tags"),
    ],
)
def test_the_check_finds(site: Path, translations: ModuleType, before: str, after: str, fault: str) -> None:
    _change(site, before, after)
    assert any(fault in line for line in translations.faults("es", [])), translations.faults("es", [])


def test_one_message_is_translated_in_one_way(site: Path, translations: ModuleType) -> None:
    (site / "directory/guide/page.py").write_text('gettext("Hello")')
    _translate(site, 'msgid "Hello"\nmsgstr "Buenas"\n', "guide")
    assert any("another way" in line for line in translations.faults("es", []))


def test_an_update_keeps_translations_adds_messages_and_drops_what_is_gone(
    site: Path, translations: ModuleType
) -> None:
    (site / "templates/search/page.html").write_text("{{ _('Hello') }}{{ _('Good bye') }}")
    translations.update("es", [])
    kept: Catalog = translations.translated("es", "search")
    assert {message.id: message.string for message in kept if message.id} == {"Hello": "Hola", "Good bye": ""}


def test_a_message_that_moves_to_another_room_takes_its_translation_along(site: Path, translations: ModuleType) -> None:
    (site / "templates/search/page.html").rename(site / "templates/guide.html")
    translations.update("es", [])
    assert translations.faults("es", []) == []
    assert not (site / "directory/translations/es/search.po").exists()
    assert len(translations.translated("es", "web")) == 2


def test_without_a_fault_the_command_says_so_and_ends_well(
    site: Path, translations: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert translations.main(["check"]) == 0
    assert "2 messages in es: each has its translation." in capsys.readouterr().out
    _change(site, '"Hola"', '""')
    assert translations.main(["check"]) == 1
    assert "1 faults" in capsys.readouterr().out
    assert translations.main([]) == 2
