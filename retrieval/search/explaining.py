"""Why hits stand in the order in which they stand."""

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Snapshot
from retrieval.search.candidates import Candidate
from retrieval.search.features import FEATURES
from retrieval.search.ranking import best_of, load_ranker
from retrieval.search.searcher import Findings, to_hits
from retrieval.types import Contribution, Explanation, Hit, HitExplanation

__all__ = ["explain"]

# What a score has of no feature is told under this name.
_REST = "always"


def explain(findings: Findings, snapshot: Snapshot, top: int, probability: float) -> Explanation:
    """Tell what a search made of its question, and what the scores of its ``top`` best candidates are the sums of.

    :param probability: that of the archive answering at all, 0 to 1.
    """
    query, best = findings.query, best_of([candidate.features for candidate in findings.candidates])
    return Explanation(
        question=query.text,
        language=query.language,
        expected=query.expected.value,
        terms=tuple(term.term for term in query.words),
        translations=tuple(
            tuple(member.term for member in group.members) for group in findings.translations if group.members
        ),
        probability=probability,
        hits=tuple(
            _explained(candidate, hit, best, findings.terms.known_share)
            for candidate, hit in zip(findings.candidates[:top], to_hits(findings, top, snapshot), strict=True)
        ),
    )


def _explained(candidate: Candidate, hit: Hit, best: NDArray[np.float32], known_share: float) -> HitExplanation:
    features = candidate.features[candidate.best]
    points, rest = load_ranker().points(features, best, known_share)
    parts = [
        Contribution(name, float(value), float(point))
        for name, value, point in zip(FEATURES, features, points, strict=True)
        if point
    ]
    parts.append(Contribution(_REST, 1.0, rest))
    return HitExplanation(
        hit=hit,
        sentence=candidate.sentences[candidate.best],
        contributions=tuple(sorted(parts, key=lambda part: (-part.points, part.name))),
    )
