"""The measures, as pure functions; a rank counts from 1, None means that the right paragraph was not found.

Every question has one right paragraph, which shortens the general formulas:
recall and reciprocal rank: https://nlp.stanford.edu/IR-book/html/htmledition/evaluation-of-ranked-retrieval-results-1.html
and https://trec.nist.gov/pubs/trec8/papers/qa_report.pdf; nDCG: https://doi.org/10.1145/582415.582418;
F1 over shared units, as SQuAD has it for words: https://arxiv.org/abs/1606.05250, section 6.1.
"""

import math
from collections import Counter
from collections.abc import Sequence

__all__ = ["character_f1", "ndcg_at", "recall_at", "reciprocal_rank_at"]


def recall_at(ranks: Sequence[int | None], k: int) -> float:
    """Give the share of the questions whose paragraph is among the first ``k``; 0.0 without questions."""
    return _mean([float(rank is not None and rank <= k) for rank in ranks])


def reciprocal_rank_at(ranks: Sequence[int | None], k: int) -> float:
    """Give the mean of 1 / rank, ranks beyond ``k`` counting nothing (MRR@k); 0.0 without questions."""
    return _mean([1 / rank if rank is not None and rank <= k else 0.0 for rank in ranks])


def ndcg_at(ranks: Sequence[int | None], k: int) -> float:
    """Give the mean normalised discounted cumulative gain; 0.0 without questions.

    With one right paragraph the ideal gain is 1, so that a question's value is 1 / log2(rank + 1).
    """
    return _mean([1 / math.log2(rank + 1) if rank is not None and rank <= k else 0.0 for rank in ranks])


def character_f1(given: str, right: str) -> float:
    """Give the harmonic mean of precision and recall over characters, blanks left out; 0.0 if nothing is shared.

    Characters instead of SQuAD's words: Chinese and Japanese have no blanks between words.
    """
    given_characters = Counter("".join(given.split()))
    right_characters = Counter("".join(right.split()))
    shared = (given_characters & right_characters).total()
    if not shared:
        return 0.0
    precision = shared / given_characters.total()
    recall = shared / right_characters.total()
    return 2 * precision * recall / (precision + recall)


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0
