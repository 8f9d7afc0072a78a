from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from retrieval.search.prepared import PreparedPassage
from retrieval.search.presence import Presence, Shares
from retrieval.search.termsets import TermSet

__all__ = ["Coverage"]


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """How much of a question's terms the sentences of some passages have, and the whole passages: shares from 0 to 1.

    ``words`` to ``related`` have a number for each sentence, of all passages one after the other, the ``passage_``
    ones for each passage; the sentences of passage ``i`` are those from ``starts[i]`` to ``starts[i + 1]``.
    """

    starts: tuple[int, ...]
    words: Shares
    bigrams: Shares
    neighbours: Shares
    phrases: Shares
    related: Shares
    passage_words: Shares
    passage_bigrams: Shares
    passage_phrases: Shares
    passage_related: Shares

    @classmethod
    def of(
        cls,
        passages: Sequence[PreparedPassage],
        words: TermSet,
        bigrams: TermSet,
        groups: Sequence[tuple[TermSet, float]],
        related: Sequence[tuple[TermSet, float]],
        phrases: Sequence[str],
    ) -> "Coverage":
        """Look for terms in at least one passage; a phrase is looked for as characters.

        :param groups: terms of which one stands for the whole group, and how much the group counts.
        :param related: the same, each term weighing how well it stands for the group.
        """
        sets = [words, bigrams, *(members for members, _ in chain(groups, related))]
        presence = Presence.of(
            passages,
            dict.fromkeys([*(term for terms in sets for term, _ in terms.characters), *phrases]),
            dict.fromkeys(term for terms in sets for term, _ in terms.whole),
        )
        whole = presence.of_passages()
        best = presence.best(related)
        return cls(
            starts=presence.starts,
            words=presence.share(words),
            bigrams=presence.share(bigrams),
            neighbours=presence.share_of_groups(groups),
            phrases=presence.count(phrases) / max(len(phrases), 1),
            related=_weighed(best, related),
            passage_words=whole.share(words),
            passage_bigrams=whole.share(bigrams),
            passage_phrases=whole.count(phrases) / max(len(phrases), 1),
            passage_related=_weighed(np.maximum.reduceat(best, presence.starts[:-1], axis=1), related),
        )


def _weighed(shares: Shares, groups: Sequence[tuple[TermSet, float]]) -> Shares:
    """Give for each text the sum of the groups' shares ``(groups, texts)`` by their weights, which make 1 together."""
    total = sum(weight for _, weight in groups)
    weights = np.array([weight / total for _, weight in groups]) if total else np.zeros(len(groups))
    # Row after row, so that a text's place changes nothing.
    return np.asarray((shares * weights[:, None]).sum(axis=0), np.float64)
