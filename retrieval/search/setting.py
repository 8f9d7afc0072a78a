import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from retrieval.search.question_terms import QuestionTerms
from retrieval.types import Passage

__all__ = ["Setting", "base_of"]

_PLACE_SUFFIX = re.compile(r"[县區区市州旗]$")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all candidates together tell: the places that the question names, and how well each article does."""

    places: frozenset[str]
    articles: Mapping[tuple[str, str], float]

    @classmethod
    def of(
        cls,
        terms: QuestionTerms,
        candidates: Sequence[tuple[Passage, float]],
        named_by_sound: Callable[[str], bool],
    ) -> "Setting":
        """Look over the candidates, each with the sum of its channels.

        :param named_by_sound: whether the question names a place in pinyin, or misspelt.
        """
        places = {passage.context.place for passage, _ in candidates if passage.context.place}
        articles: dict[tuple[str, str], float] = {}
        for passage, score in candidates:
            key = (passage.document_id, passage.context.article)
            articles[key] = max(articles.get(key, 0.0), score)
        named = (place for place in places if base_of(place) in terms.folded or named_by_sound(place))
        return cls(frozenset(named), articles)

    def article_best(self, passage: Passage) -> float:
        """Give the score of the best candidate of the passage's article."""
        return self.articles.get((passage.document_id, passage.context.article), 0.0)


def base_of(place: str) -> str:
    """Give a place's name without its division: 攸县 stays, 炎陵县 gives 炎陵."""
    return place if len(place) <= 2 else _PLACE_SUFFIX.sub("", place)
