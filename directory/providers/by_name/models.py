"""The index of names: the words of each provider's names, kept up by `actions.index_names`."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.extensions import Model
from directory.providers.models import WhenMerged

WORD = String(41).with_variant(String(41, collation="C"), "postgresql")
"""Compared byte by byte on both databases, so that words which begin alike lie together."""


class NameWord(Model):
    """A word of a provider's names, or the mark `words.BY_SOUND` and the sound of one."""

    __tablename__ = "name_word"
    when_merged = WhenMerged.STAY  # made of the names anew
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    npi: Mapped[str] = mapped_column(ForeignKey("provider.npi", ondelete="CASCADE"), primary_key=True, index=True)
