"""Whom the rows are about that give no NPI: what people decided before, what is certain, and what has to wait."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from directory.extensions import db
from directory.imports.reviews.sources import Sources
from directory.imports.reviews.staged_reviews import Kept, ReviewSpool, SpooledSubject
from directory.imports.runs import FileRun, Workplace
from directory.reviews.external.actions import average_id, hold_back
from directory.reviews.external.provider_matching import Match, MatchIndex, Verdict, blocks_of, traits_of_subject
from directory.reviews.external.queries import WAITING, decided_subjects, known_traits
from directory.reviews.external.terms import kept_text
from directory.reviews.models import DoubtfulMatch, Review


@dataclass(slots=True)
class Applied:
    """What the counts of a file do not say."""

    duplicates: int = 0  # of those added: how many are the same as reviews of other sources
    waiting: int = 0  # of those skipped: how many wait until a person says whom they are about
    dismissed: int = 0  # of those skipped: how many a person said are about nobody here


@dataclass(slots=True)
class _Settling:
    file: FileRun
    work: Workplace
    spool: ReviewSpool
    sources: Sources
    applied: Applied

    def settle(self, asked: SpooledSubject, match: Match) -> None:
        if match.verdict is Verdict.CERTAIN:
            self.spool.name_provider(asked.id, match.candidates[0].npi)
            self._wait_no_more(asked)
            return
        self._name_those_that_are_here(asked)
        for row in self.spool.unsettled(asked.id):
            if match.verdict is Verdict.DOUBTFUL:
                self._hold_back(row, asked, match)
            else:
                who = ", ".join(filter(None, (asked.subject.name, asked.subject.address, asked.subject.phone)))
                self.work.reject(self.file, row.line, "", f"no provider here is like “{who}”")

    def _wait_no_more(self, asked: SpooledSubject) -> None:
        """Nobody needs to decide any more about what this file says of a subject that has become certain."""
        waiting = select(DoubtfulMatch).where(
            DoubtfulMatch.source_key == asked.source,
            DoubtfulMatch.subject["key"].as_string() == asked.subject.key,
            DoubtfulMatch.status == WAITING,
        )
        ids = {review_id or average_id(asked.subject) for review_id in self.spool.review_ids(asked.id)}
        for match in db.session.scalars(waiting):
            if match.source_review_id in ids:
                db.session.delete(match)

    def follow_decision(self, asked: SpooledSubject, npi: str | None) -> None:
        """What a person decided about the subject holds for all that is said of it later."""
        if npi:
            self.spool.name_provider(asked.id, npi)
            return
        count = len(self.spool.unsettled(asked.id))
        self.file.counts.skipped += count
        self.applied.dismissed += count

    def _name_those_that_are_here(self, asked: SpooledSubject) -> None:
        """A review whose provider was certain once stays where it is when another of the name turns up."""
        ids = [row.review_id for row in self.spool.unsettled(asked.id) if row.review_id]
        for start in range(0, len(ids), 1_000):
            here = db.session.execute(
                select(Review.npi, Review.source_review_id).where(
                    Review.source_key == asked.source, Review.source_review_id.in_(ids[start : start + 1_000])
                )
            )
            for npi, review_id in here:
                self.spool.name_provider(asked.id, npi, [review_id])

    def _hold_back(self, row: Kept, asked: SpooledSubject, match: Match) -> None:
        content = {"kind": "review" if row.review_id else "average", **row.content}
        if row.review_id:
            source = self.sources.by_key(row.source)
            has_link = bool(content["url"] or source.has_link)
            content["text"] = kept_text(content["text"], source.terms, has_link=has_link)
        hold_back(asked.subject, row.source, row.review_id or average_id(asked.subject), content, match.candidates)
        self.file.counts.skipped += 1
        self.applied.waiting += 1


def settle_subjects(file: FileRun, work: Workplace, spool: ReviewSpool, sources: Sources, applied: Applied) -> None:
    """Name the provider of each subject's rows in the spool; rows of doubtful subjects wait, others are rejected."""
    subjects = spool.subjects()
    decided = decided_subjects({each.source for each in subjects})
    settling = _Settling(file, work, spool, sources, applied)
    open_ones = []
    for each in subjects:
        known = (each.source, each.subject.key)
        if known in decided:
            settling.follow_decision(each, decided[known])
        else:
            open_ones.append(each)
    for is_demonstration in (False, True):
        asked = [each for each in open_ones if sources.by_key(each.source).is_demonstration is is_demonstration]
        index = _index_for(asked, demonstration=is_demonstration)
        for each in asked:
            settling.settle(each, index.match(each.subject))


def _index_for(asked: Collection[SpooledSubject], *, demonstration: bool) -> MatchIndex:
    """The providers who may be meant: invented ones for invented reviews, real ones for real reviews."""
    if not asked:
        return MatchIndex(())
    wanted = set().union(*(blocks_of(traits_of_subject(each.subject)) for each in asked))
    return MatchIndex(known_traits(demonstration=demonstration), wanted)
