import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.answering.decision import EVIDENCE, evidence, load_decision
from retrieval.answering.fitted_models import read_fitted
from retrieval.answering.missing import missing_parts
from retrieval.answering.pointer import load_pointer
from retrieval.answering.reader import PassageReading, read_candidates
from retrieval.answering.results import Asked
from retrieval.answering.selection import Selection, choose_by, choose_from, load_selector, shares_of
from retrieval.search import Findings, Query, Searcher

__all__ = ["FOCUSED", "FocusModel", "Focused", "focused", "load_focus_model"]

FOCUSED = ("own", "completed", "certain", "score", "channel_dense", "refers", "is_tentative")
"""What tells whether the article in focus answers: the log-odds that the archive's decision gives for the question's
own words and for the completed ones, both of the article alone; the log-odds of the best sentence among its others; of
the evidence for its own words how well the search and the encoder like the best passage; whether the question was
completed at all, and whether hardly more than its shortness told so."""
_FROM_EVIDENCE = [EVIDENCE.index(name) for name in ("score", "channel_dense")]

# Passages read both ways at the most: the best of each.
_READ = 6
# What is quoted is chosen by the question's own words and by the completed ones; so much goes by its own.
_OWN = 0.6
_SURE = 0.99
# Log-odds: what may begin a new topic is not about an article that answers its own words hardly at all (.03). On the
# half of the conversations that the model is fitted to, what is right is worth 3.88 with it and 3.85 without.
_HARDLY = -3.5


@dataclass(frozen=True, slots=True, eq=False)
class FocusModel:
    """A logistic model over :data:`FOCUSED` of whether the article in focus answers.

    Who goes on asking seldom says again what the talk is of, and often nothing shows that a question goes on: what were
    the things worth that they got back? So each question of a conversation is also read against the article that the
    last answer was quoted from, by its own words and as it was completed. Made by ``training/conversations.py``;
    ``answerable_at`` is the probability from which on the article is said to answer, ``ahead`` by how much, in
    log-odds, it must answer likelier than the whole archive.
    """

    weights: NDArray[np.float64]
    bias: float
    ahead: float
    answerable_at: float

    def prefers(self, told: NDArray[np.float64], elsewhere: float) -> bool:
        """Tell whether to answer from the article; ``elsewhere`` is how likely the whole archive answers, 0 to 1."""
        if told[FOCUSED.index("is_tentative")] and told[FOCUSED.index("own")] <= _HARDLY:
            return False
        return _log_odds(self.probability(told)) > _log_odds(elsewhere) + self.ahead

    def probability(self, told: NDArray[np.float64]) -> float:
        """Give the probability, 0 to 1, that the article answers, from float64 ``(len(FOCUSED),)``."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, float(self.weights @ told + self.bias)))))


@dataclass(frozen=True, slots=True, eq=False)
class Focused:
    """What the article in focus has for a question: the best first, scores among themselves, and what tells of it."""

    selections: tuple[Selection, ...]
    told: NDArray[np.float64]

    @property
    def article(self) -> str:
        """Give the article's headline, '' outside of articles."""
        return self.selections[0].candidate.passage.context.article


def focused(
    own: Query, completed: Query, within: Collection[int], asked: Asked, searcher: Searcher, *, is_tentative: bool
) -> Focused | None:
    """Read the passages in focus by a question's own words and as it was completed.

    None if none passes the filters, or if the question names a year, place or person that they do not tell of.
    """
    queries = (own,) if completed.text == own.text else (own, completed)
    found = [searcher.find(query, asked.snapshot, filters=asked.filters, within=within) for query in queries]
    if not found[0].candidates or missing_parts(own, found[0], searcher.lexicon.pinyin):
        return None
    chosen = _to_read(found)
    found = [_restricted(findings, chosen) for findings in found]
    read = [read_candidates(findings, len(chosen), load_pointer()) for findings in found]
    told_of = [_evidence(findings, readings, searcher) for findings, readings in zip(found, read, strict=True)]
    likely = [
        _log_odds(load_decision().probability(told, findings.terms.known_share))
        for findings, told in zip(found, told_of, strict=True)
    ]
    selections = _selected(found, read)
    told = (
        likely[0],
        likely[-1],
        _log_odds(selections[0].score),
        *told_of[0][_FROM_EVIDENCE],
        float(len(queries) > 1),
        float(is_tentative),
    )
    return Focused(tuple(selections), np.array(told, np.float64))


@lru_cache(maxsize=1)
def load_focus_model() -> FocusModel:
    """Load the model that comes with the package.

    :raises ValueError: if its file was made for other evidence.
    """
    data = read_fitted("focus", FOCUSED, "conversations")
    return FocusModel(
        np.array(data["weights"]), float(data["bias"]), float(data["ahead"]), float(data["answerable_at"])
    )


def _to_read(found: Sequence[Findings]) -> list[int]:
    """Give the ids of the passages to read: of each search's candidates the best, and only what all have found."""
    common = set.intersection(*({c.passage.id for c in findings.candidates} for findings in found))
    ranks = [{c.passage.id: rank for rank, c in enumerate(findings.candidates)} for findings in found]
    best = sorted(common, key=lambda number: (min(rank[number] for rank in ranks), number))
    return best[:_READ]


def _restricted(findings: Findings, chosen: Iterable[int]) -> Findings:
    kept = frozenset(chosen)
    return replace(findings, candidates=tuple(c for c in findings.candidates if c.passage.id in kept))


def _evidence(findings: Findings, readings: Sequence[PassageReading], searcher: Searcher) -> NDArray[np.float64]:
    """Read off what the decision goes by, which was fitted to whole archives."""
    pinyin = searcher.lexicon.pinyin
    chosen = choose_from(readings, findings, 2, load_selector())
    return evidence(findings, chosen, missing_parts(findings.query, findings, pinyin), pinyin)


def _selected(found: Sequence[Findings], read: Sequence[Sequence[PassageReading]]) -> list[Selection]:
    """Choose sentences by both ways of asking, and their words by the question's own."""
    selector = load_selector()
    shares = [shares_of(readings, findings, selector) for readings, findings in zip(read, found, strict=True)]
    own = dict(zip((reading.candidate.passage.id for reading in read[0]), shares[0], strict=True))
    other = dict(zip((reading.candidate.passage.id for reading in read[-1]), shares[-1], strict=True))
    mixed = [_OWN * _log(own[number]) + (1 - _OWN) * _log(other[number]) for number in own]
    total = np.logaddexp.reduce(np.concatenate(mixed))
    return choose_by([np.exp(scores - total) for scores in mixed], read[0], found[0])


def _log(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(np.maximum(shares, 1e-300))


def _log_odds(probability: float) -> float:
    likely = min(max(probability, 1 - _SURE), _SURE)
    return math.log(likely / (1 - likely))
