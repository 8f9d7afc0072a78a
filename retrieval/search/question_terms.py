import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.index import LexicalIndex, SynonymGroup
from retrieval.language.folding import fold
from retrieval.search.analysis import Query
from retrieval.search.expectation import AnswerKind
from retrieval.search.termsets import TermSet
from retrieval.search.units import asked_unit

__all__ = ["YEAR", "QuestionTerms"]

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A year in digits."""


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's terms with their rarity in the archive, ready to be looked for in sentences."""

    query: Query
    folded: str
    words: TermSet
    bigrams: TermSet
    groups: tuple[tuple[TermSet, float], ...]
    related: tuple[tuple[TermSet, float], ...]
    phrases: tuple[str, ...]
    years: frozenset[str]
    known_share: float
    unit: re.Pattern[str] | None

    @classmethod
    def of(
        cls,
        query: Query,
        words: LexicalIndex,
        bigrams: LexicalIndex,
        groups: Sequence[SynonymGroup],
        related: Sequence[SynonymGroup],
    ) -> "QuestionTerms":
        """Weigh a question's terms.

        :param groups: for each word of the question that the archive lacks, the archive's nearest ones.
        :param related: for each word that it has, itself and the nearest ones.
        """
        weighed = tuple((term.term, words.rarity(term.term)) for term in query.words)
        total = sum(rarity for _, rarity in weighed)
        known = sum(rarity for term, rarity in weighed if words.document_frequency(term))
        return cls(
            query=query,
            folded=fold(query.text),
            words=TermSet.of(weighed),
            bigrams=TermSet.of([(term.term, bigrams.rarity(term.term)) for term in query.bigrams]),
            groups=tuple(
                (TermSet.of([(member.term, 1.0) for member in group.members]), group.weight) for group in groups
            ),
            related=tuple(_weigh(group, words) for group in (*groups, *related) if group.members),
            phrases=query.phrases,
            years=frozenset(YEAR.findall(query.text)),
            known_share=known / total if total else 0.0,
            unit=_unit(query, counted=2 * known > total),
        )


def _unit(query: Query, *, counted: bool) -> re.Pattern[str] | None:
    return asked_unit(query.text, counted=counted) if query.expected is AnswerKind.NUMBER else None


def _weigh(group: SynonymGroup, words: LexicalIndex) -> tuple[TermSet, float]:
    """Weigh a group by the rarity of its likeliest member."""
    likeliest = max(group.members, key=lambda member: member.weight)
    members = TermSet.of([(member.term, member.weight) for member in group.members])
    return members, group.weight * words.rarity(likeliest.term)
