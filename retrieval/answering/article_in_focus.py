from collections.abc import Sequence

from retrieval.answering.pages import Article
from retrieval.answering.quoting import squeezed
from retrieval.answering.results import Asked
from retrieval.errors import QuestionError
from retrieval.search import MAX_QUESTION_CHARACTERS, Candidate, Searcher, analyse
from retrieval.types import BlockKind, Passage, Turn

__all__ = ["passage_in_focus", "passages_in_focus"]

# Answers that are looked back over for one that was quoted from an article.
_TURNS = 3
# Passages of a document before and after the one quoted, in which the rest of its article is looked for.
_AROUND = 40
# A shorter text stands in many passages.
_SHORTEST = 8


def passage_in_focus(asked: Asked, searcher: Searcher) -> Passage | None:
    """Give the passage of an article that a conversation was quoted from last; None if it is not found.

    What was quoted of the page itself, as its day, and what is no quote, does not change what the talk is of.
    """
    answered = [turn for turn in reversed(asked.history) if turn.answer.strip()]
    imprint: Passage | None = None
    for turn in answered[:_TURNS]:
        given = _given(turn, asked, searcher)
        if given is not None and given.kind is not BlockKind.IMPRINT:
            return given
        imprint = imprint or given
    return imprint


def passages_in_focus(asked: Asked, searcher: Searcher) -> frozenset[int]:
    """Give the ids of the passages of the article that the conversation was quoted from; none if it is not found."""
    given = passage_in_focus(asked, searcher)
    if given is None:
        return frozenset()
    article = Article.of(given)
    ids = asked.snapshot.passage_ids(article.document_id, frozenset(BlockKind))
    at = ids.index(given.id)
    near = (asked.snapshot.passage(number) for number in ids[max(0, at - _AROUND) : at + _AROUND + 1])
    return frozenset(passage.id for passage in near if Article.of(passage) == article)


def _given(turn: Turn, asked: Asked, searcher: Searcher) -> Passage | None:
    """Find the passage that a turn was answered with."""
    try:
        query = analyse(f"{turn.question} {turn.answer}"[:MAX_QUESTION_CHARACTERS])
    except QuestionError:
        return None
    found = searcher.find(query, asked.snapshot, filters=asked.filters)
    given = _quoted_from(squeezed(turn.answer), found.candidates)
    return given.passage if given is not None else None


def _quoted_from(answer: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """Give the candidate that an answer, without its white space, was quoted from: of several quotes, the first."""
    for candidate in candidates:
        if answer in squeezed(candidate.passage.text):
            return candidate
    places = []
    for number, candidate in enumerate(candidates):
        said = [squeezed(sentence) for sentence in candidate.sentences]
        found = [answer.find(sentence) for sentence in said if len(sentence) >= _SHORTEST]
        places += [(place, number) for place in found if place >= 0]
    return candidates[min(places)[1]] if places else None
