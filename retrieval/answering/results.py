from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from retrieval.answering.decision import load_decision
from retrieval.answering.quoting import distinct, quote_selection, squeezed
from retrieval.answering.selection import Selection, choose
from retrieval.index import Snapshot
from retrieval.search import Findings, Query
from retrieval.types import Arrangement, Filters, Missing, Quote, Turn

__all__ = ["Asked", "Result", "is_given", "quoted", "scored", "selected"]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found for a question, before it becomes an answer.

    ``likely`` is how likely it answers, ``answerable_at`` from which probability on it is said to. ``article`` is the
    headline of the one of whose page it is, which tells or does not; None where it is of none.
    """

    quotes: tuple[Quote, ...]
    likely: float
    arrangement: Arrangement = Arrangement.RANKED
    missing: tuple[Missing, ...] = ()
    total: int = 0
    article: str | None = None
    answerable_at: float = field(default_factory=lambda: load_decision().answerable_at)

    @property
    def answers(self) -> bool:
        """Tell whether the archive is said to answer."""
        return self.likely >= self.answerable_at and bool(self.quotes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What comes with a question: the contents to answer from, what was said before, how much to quote."""

    snapshot: Snapshot
    history: Sequence[Turn]
    top: int
    filters: Filters | None


def selected(findings: Findings, likely: float, count: int) -> list[Selection]:
    """Choose what to quote of ``count`` candidates at the most, given how likely the archive answers at all."""
    return scored(choose(findings, count), likely)


def scored(chosen: Sequence[Selection], likely: float) -> list[Selection]:
    """Weigh what was chosen by how likely the archive answers at all, and leave out what says the same."""
    return distinct([replace(selection, score=likely * selection.score) for selection in chosen])


def quoted(query: Query, selections: Sequence[Selection], snapshot: Snapshot) -> tuple[Quote, ...]:
    """Quote what was selected, checked with the sources."""
    return tuple(quote_selection(query, selection, snapshot) for selection in selections)


def is_given(text: str, asked: Asked, turns: int | None = None) -> bool:
    """Tell whether a quote stands in an earlier answer, or an answer in it."""
    text = squeezed(text)
    answers = [squeezed(turn.answer) for turn in asked.history if turn.answer.strip()][-(turns or 0) :]
    return any(text in answer or answer in text for answer in answers)
