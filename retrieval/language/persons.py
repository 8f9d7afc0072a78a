from collections.abc import Iterator, Sequence
from typing import NamedTuple

from retrieval.language.folding import fold
from retrieval.language.scripts import has_han

__all__ = ["PersonName", "TaggedWord", "find_persons", "tag_words"]

_PERSON = "nr"
_MAX_GIVEN_NAME = 2
# Characters that the tagger takes for surnames and no Chinese person bears: most are syllables of foreign names.
_NO_SURNAMES = frozenset(
    "伯侍侠卿博哈哚噶坂奥宾尔尼布帕府弗慈慧斯曼朽朗町玛玲珀珂瓦瓒碧笛笠翔耶莎荚莽蒂蒿藤裔谬迪遵阳陀"
)
# What stands behind a name without being part of it: particles, prepositions, conjunctions, adverbs.
_FUNCTION_TAGS = ("u", "p", "c", "d")


class TaggedWord(NamedTuple):
    """A word of a text at ``[start, end)``, folded, and the part of speech that the segmenter gives it."""

    start: int
    end: int
    text: str
    tag: str


class PersonName(NamedTuple):
    """A person's name at ``[start, end)``; ``joined`` if the segmenter left the surname apart."""

    start: int
    end: int
    text: str
    joined: bool


def tag_words(text: str) -> list[TaggedWord]:
    """Cut a text into words with their parts of speech; they cover all of it, in order."""
    import rjieba

    words: list[TaggedWord] = []
    start = 0
    # The tagger knows simplified characters; folded, a text is as long as before.
    for word, tag in rjieba.tag(fold(text)):
        end = start + len(word)
        words.append(TaggedWord(start, end, word, tag))
        start = end
    return words


def find_persons(words: Sequence[TaggedWord]) -> Iterator[PersonName]:
    """Find the names of persons among a text's words, in order and without overlaps.

    Many surnames are words of their own, 胡 + 长春 and 颜 + 水龙: each is joined with what follows, be that a city.
    """
    taken = 0
    for number, word in enumerate(words):
        if not word.tag.startswith(_PERSON) or word.start < taken:
            continue
        following = words[number + 1] if number + 1 < len(words) else None
        if following is not None and _is_surname(word) and _is_given_name(following):
            taken = following.end
            yield PersonName(word.start, taken, word.text + following.text, joined=True)
        elif len(word.text) > 1:
            yield PersonName(word.start, word.end, word.text, joined=False)


def _is_surname(word: TaggedWord) -> bool:
    return len(word.text) == 1 and word.tag == _PERSON and word.text not in _NO_SURNAMES


def _is_given_name(word: TaggedWord) -> bool:
    if len(word.text) > _MAX_GIVEN_NAME or not all(map(has_han, word.text)):
        return False
    return len(word.text) > 1 or not word.tag.startswith(_FUNCTION_TAGS)
