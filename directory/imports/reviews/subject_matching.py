"""Finds the provider of rows that give no NPI: as people decided before, by a certain match, or else the rows wait."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from directory.extensions import db
from directory.imports.reviews.review_values import ReviewSources
from directory.imports.reviews.staged_reviews import StagedReview, StagedReviews, StagedSubject
from directory.imports.runs import FileRun
from directory.reviews.external.actions import average_id, hold_for_decision
from directory.reviews.external.provider_matching import Match, MatchIndex, blocks_of, traits_of_subject
from directory.reviews.external.queries import WAITING, decided_subjects, known_traits, subject_key
from directory.reviews.external.source_terms import kept_text
from directory.reviews.models import DoubtfulMatch, Review
from directory.web.chunks import chunks


@dataclass(slots=True)
class ReviewCounts:
    """What the counts of a file do not say."""

    duplicates: int = 0  # of those added: how many are the same as reviews of other sources
    waiting: int = 0  # of those skipped: how many wait until a person says whom they are about
    dismissed: int = 0  # of those skipped: how many are of providers who are not here, as a person decided
    texts_cut: int = 0  # of those stored: how many were cut to new terms


@dataclass(slots=True)
class _SubjectMatching:
    file: FileRun
    staged: StagedReviews
    sources: ReviewSources
    counts: ReviewCounts

    def follow_match(self, asked: StagedSubject, match: Match) -> None:
        if match.is_certain:
            self.staged.name_provider(asked.id, match.candidates[0].npi)
            self._delete_waiting(asked)
            return
        self._name_stored(asked)
        for row in self.staged.unsettled(asked.id):
            if match.candidates:
                self._hold_for_decision(row, asked, match)
            else:
                who = ", ".join(filter(None, (asked.subject.name, asked.subject.address, asked.subject.phone)))
                self.file.reject_stranger(row.line, "", f"no provider here is like “{who}”")

    def _delete_waiting(self, asked: StagedSubject) -> None:
        """Delete the waiting matches of this file's rows about a subject that has become certain."""
        waiting = select(DoubtfulMatch).where(
            DoubtfulMatch.source_key == asked.source,
            subject_key == asked.subject.key,
            DoubtfulMatch.status == WAITING,
        )
        ids = {review_id or average_id(asked.subject) for review_id in self.staged.review_ids(asked.id)}
        for match in db.session.scalars(waiting):
            if match.source_review_id in ids:
                db.session.delete(match)

    def follow_decision(self, asked: StagedSubject, npi: str | None) -> None:
        """A person's decision about the subject holds for all later rows about it."""
        if npi:
            self.staged.name_provider(asked.id, npi)
            return
        count = len(self.staged.unsettled(asked.id))
        self.file.counts.skipped += count
        self.file.handled += count
        self.counts.dismissed += count

    def _name_stored(self, asked: StagedSubject) -> None:
        """A review whose provider was certain once stays there when another provider of the name is added."""
        ids = [row.review_id for row in self.staged.unsettled(asked.id) if row.review_id]
        for chunk in chunks(ids, 1_000):
            stored = db.session.execute(
                select(Review.npi, Review.source_review_id).where(
                    Review.source_key == asked.source, Review.source_review_id.in_(chunk)
                )
            )
            for npi, review_id in stored:
                self.staged.name_provider(asked.id, npi, [review_id])

    def _hold_for_decision(self, row: StagedReview, asked: StagedSubject, match: Match) -> None:
        content = {"kind": "review" if row.review_id else "average", **row.content}
        if row.review_id:
            source = self.sources.by_key(row.source)
            has_link = bool(content["url"] or source.has_link)
            content["text"] = kept_text(content["text"], source.terms, has_link=has_link)
        hold_for_decision(
            asked.subject, row.source, row.review_id or average_id(asked.subject), content, match.candidates
        )
        self.file.counts.skipped += 1
        self.file.handled += 1
        self.counts.waiting += 1


def match_subjects(file: FileRun, staged: StagedReviews, sources: ReviewSources, counts: ReviewCounts) -> None:
    """Name the provider of each subject's staged rows; rows of doubtful subjects wait, others are rejected."""
    subjects = staged.subjects()
    decided = decided_subjects({each.source for each in subjects})
    matching = _SubjectMatching(file, staged, sources, counts)
    open_ones = []
    for each in subjects:
        known = (each.source, each.subject.key)
        if known in decided:
            matching.follow_decision(each, decided[known])
        else:
            open_ones.append(each)
    for is_demonstration in (False, True):
        asked = [each for each in open_ones if sources.by_key(each.source).is_demonstration is is_demonstration]
        index = _index_for(asked, demonstration=is_demonstration)
        for each in asked:
            matching.follow_match(each, index.match(each.subject))


def _index_for(asked: Collection[StagedSubject], *, demonstration: bool) -> MatchIndex:
    """The providers who may be meant: invented ones for invented reviews, real ones for real reviews."""
    if not asked:
        return MatchIndex(())
    wanted = set().union(*(blocks_of(traits_of_subject(each.subject)) for each in asked))
    return MatchIndex(known_traits(demonstration=demonstration), wanted)
