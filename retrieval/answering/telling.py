"""How much of a question a text tells."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.answering.elements import ElementKind, find_elements
from retrieval.language.dictionary import Translation
from retrieval.language.folding import fold
from retrieval.language.pinyin import Pinyin
from retrieval.language.scripts import has_han, has_kana
from retrieval.search.indexes import context_text
from retrieval.search.question_terms import QuestionTerms
from retrieval.search.termsets import TermSet
from retrieval.types import Context, Passage

__all__ = ["Told", "names_in", "names_told", "people_of", "posts_of", "told_by", "whole_text"]

_NAMED = frozenset((ElementKind.PLACE, ElementKind.PERSON))
_WORD = re.compile(r"[^\W_]+")
# The first sounds of a name are those of all of it, with its division and without; the others are of its parts.
_WHOLE = 2
_SENTENCE_ENDS = frozenset("¿¡.?!。？！")


class Told(NamedTuple):
    """What a text tells of a question, each 0 to 1; words count by their rarity in the archive.

    ``related`` is by meaning: a word counts as much as the nearest one that is said. ``rarest_untold`` and
    ``rarest_unrelated`` are the share of the rarest word that the text lacks in all of them.
    """

    words: float
    pairs: float
    meanings: float
    related: float
    rarest_untold: float
    rarest_unrelated: float


def told_by(terms: QuestionTerms, folded: str) -> Told:
    """Tell how much of the question's words a folded text says."""
    tokens = frozenset(_WORD.findall(folded))
    asked = sum(weight for _, weight in terms.groups)
    meanings = sum(weight for members, weight in terms.groups if members.share(folded, tokens))
    total = sum(weight for _, weight in terms.related)
    unrelated = [weight * (1 - min(members.best(folded, tokens), 1.0)) for members, weight in terms.related]
    return Told(
        words=terms.words.share(folded, tokens),
        pairs=terms.bigrams.share(folded, tokens),
        meanings=meanings / asked if asked else 0.0,
        related=1 - sum(unrelated) / total if total else 0.0,
        rarest_untold=_rarest_untold(terms.words, folded, tokens),
        rarest_unrelated=max(unrelated, default=0.0) / total if total else 0.0,
    )


def names_in(question: str, pinyin: Pinyin, around: Sequence[Passage]) -> tuple[Translation, ...]:
    """Find whom and what a question names, each by its sounds.

    :param around: passages that the search found; what they say is a word of the archive, if it is no place or person.
    """
    folded = fold(question)
    named = [(e.start, e.end) for e in find_elements(question) if e.kind in _NAMED]
    return tuple(group for group in pinyin.query_terms(question) if _is_name(group, question, folded, named, around))


def names_told(groups: Sequence[Translation], text: str, pinyin: Pinyin) -> tuple[float, float]:
    """Tell whether a question names anybody or anything, 0 or 1, and how much of that the text says, 0 to 1.

    :param groups: what :func:`names_in` finds.
    """
    total = sum(group.weight for group in groups)
    if not total:
        return 0.0, 0.0
    sounds, folded = frozenset(pinyin.name_terms(text)), fold(text)
    written = [any(term.term in sounds for term in group.terms) or fold(group.source) in folded for group in groups]
    others = [group for group, found in zip(groups, written, strict=True) if not found]
    heard = pinyin.heard(text, [[term.term for term in group.terms[:_WHOLE]] for group in others])
    untold = {group for group, found in zip(others, heard, strict=True) if not found}
    said = sum(group.weight for group in groups if group not in untold)
    return 1.0, said / total


def whole_text(passage: Passage) -> str:
    """Give a passage's text with its context, which is read with it."""
    return f"{passage.text}\n{context_text(passage.context)}"


def _is_name(
    group: Translation, question: str, folded: str, named: Sequence[tuple[int, int]], around: Sequence[Passage]
) -> bool:
    """Tell whether what sounds like a Chinese name is one: a place's or person's, or written like a name."""
    source = fold(group.source)
    at = folded.find(source)
    if at < 0 or any(start < at + len(source) and at < end for start, end in named):
        return True
    if has_han(group.source):
        # Of the words that the segmenter knows and takes for names 世界杯 is one, 老太太 and 公安局 are none; what it
        # does not know is one if the archive has it (山竹), and else as likely two words in a row (要花, 查桥).
        known = group.weight < 1.0
        return known != any(source in fold(passage.text) for passage in around) and not has_kana(question)
    if not (group.source.isascii() and question[at].isupper()):
        return False
    # Every word that begins a sentence has a capital.
    opens = not question[:at].strip() or question[:at].rstrip()[-1] in _SENTENCE_ENDS
    return not opens or any(source in fold(passage.text) for passage in around)


def people_of(context: Context) -> tuple[str, ...]:
    """Give the names of those whom a passage with this context names, folded, without their posts."""
    return tuple(fold(name) for name, _ in posts_of(context))


def posts_of(context: Context) -> Iterator[tuple[str, str]]:
    """Give those whom a passage with this context names, as written, each with the post."""
    for person in context.people:
        name, _, post = person.partition("（")
        yield name, post.removesuffix("）")


def _rarest_untold(terms: TermSet, folded: str, tokens: frozenset[str]) -> float:
    if not terms.total:
        return 0.0
    untold = [weight for term, weight in terms.characters if term not in folded]
    untold += [weight for term, weight in terms.whole if term not in tokens]
    return max(untold, default=0.0) / terms.total
