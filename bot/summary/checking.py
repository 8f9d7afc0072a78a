import re
from collections.abc import Sequence
from pathlib import Path

from retrieval.answering.elements import ElementKind, find_elements
from retrieval.language.folding import fold
from retrieval.language.pinyin import Pinyin
from retrieval.language.scripts import has_han
from retrieval.types import Answer, Quote, Summary

__all__ = ["check"]

_MOST_SENTENCES = 5
_MOST_CHARACTERS = 400
_CITATION = re.compile(r"[\[［【](\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)[\]］】]")
# A sentence ends with its citations, which stand before its full stop or behind it.
_SENTENCE = re.compile(
    r".+?(?:[。！？]|[.!?](?=[\s\[［【]|$)|\n|$)(?:[ \t]*[\[［【]\d[\d,，、 ]*[\]］】])*(?:[.。](?=\s|$))?", re.DOTALL
)
_NUMBER = re.compile(r"\d+(?:[.,，]\d+)*|[一二三四五六七八九十百千万亿两]{2,}")
_QUOTED = re.compile(r"[“「『《〈«„\"]([^”」』》〉»“\"]{1,200})[”」』》〉»“\"]")
_CAPITAL = re.compile(r"(?<=[^\s.!?:“\"«„] )[A-ZА-ЯÀ-Þ][\w'’-]+")
# Capitalised words of titles, times and kinds of places: no names by themselves.
_TITLES = (
    "county city district province town village court courts people party secretary mayor chief director committee "
    "police daily chinese china january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday commission bureau i mr mrs ms dr"
)
# German writes every noun with a capital.
_WITHOUT_CAPITALS = frozenset(("de",))


def check(text: str, answer: Answer, cache: Path) -> Summary:
    """Keep the sentences of a model's text that cite quotes and say nothing that those do not; count the others.

    The numbers, names and quoted words of a sentence must stand in the quotes that it cites, or in what is told beside
    them: publication, date and place.

    :param cache: the folder with the readings of Chinese characters, for names in Latin letters.
    """
    kept: list[tuple[str, tuple[int, ...]]] = []
    dropped = 0
    for sentence in _sentences(text):
        numbers = _cited(sentence)
        words = " ".join(_CITATION.sub(" ", sentence).split())
        words = re.sub(r"\s+([.。!?！？,，])", r"\1", words)
        if len(kept) < _MOST_SENTENCES and _holds(words, numbers, answer, cache):
            kept.append((words, numbers))
        else:
            dropped += 1
    return Summary(tuple(kept), dropped)


def _sentences(text: str) -> list[str]:
    found = (match.group().strip() for match in _SENTENCE.finditer(text))
    return [sentence for sentence in found if any(character.isalnum() for character in _CITATION.sub("", sentence))]


def _cited(sentence: str) -> tuple[int, ...]:
    numbers = (int(number) for group in _CITATION.findall(sentence) for number in re.findall(r"\d+", group))
    return tuple(dict.fromkeys(numbers))


def _holds(words: str, numbers: Sequence[int], answer: Answer, cache: Path) -> bool:
    if not numbers or len(words) > _MOST_CHARACTERS or not all(1 <= n <= len(answer.quotes) for n in numbers):
        return False
    told = fold("\n".join(_told(answer.quotes[number - 1]) for number in numbers))
    return (
        _numbers_stand(words, told)
        and all(_squeezed(quoted) in _squeezed(told) for quoted in _QUOTED.findall(words))
        and _names_stand(words, told, answer, cache)
    )


def _told(quote: Quote) -> str:
    context = quote.context
    return "\n".join((quote.text, context.publication, context.date, context.place, context.article, *context.people))


def _numbers_stand(words: str, told: str) -> bool:
    known = {_plain(number) for number in _NUMBER.findall(told)}
    # 2024-03-06 is told as the 6 March.
    known |= {number.lstrip("0") for number in known}
    return all(_plain(number) in known for number in _NUMBER.findall(fold(words)))


def _plain(number: str) -> str:
    """Write a number without separators of thousands: 1,098 and 1098 are one, 98.8 stays."""
    return re.sub(r"[,，](?=\d{3}(?!\d))", "", number)


def _names_stand(words: str, told: str, answer: Answer, cache: Path) -> bool:
    squeezed = _squeezed(told)
    if has_han(words):
        named = [e.text for e in find_elements(words) if e.kind in (ElementKind.PERSON, ElementKind.PLACE)]
        return all(_squeezed(name) in squeezed for name in named)
    if answer.language in _WITHOUT_CAPITALS:
        return _sounds_stand(words, told, cache)
    ordinary = frozenset(_TITLES.split())
    capitals = [fold(word) for word in _CAPITAL.findall(words)]
    unknown = [word for word in capitals if word not in ordinary and word not in told]
    return not unknown or (has_han(told) and _sounds_stand(words, told, cache, unknown))


def _sounds_stand(words: str, told: str, cache: Path, names: Sequence[str] = ()) -> bool:
    """Tell whether each name in Latin letters is the sound of one in the quotes: Yanling of 炎陵."""
    pinyin = Pinyin.load(cache)
    sounds = frozenset(pinyin.name_terms(told))
    groups = [group for group in pinyin.query_terms(words) if not has_han(group.source)]
    explained = {part for group in groups for part in group.source.lower().split()}
    if any(sounds.isdisjoint({term.term for term in group.terms}) for group in groups):
        return False
    return all(name in explained for name in names)


def _squeezed(text: str) -> str:
    return "".join(fold(text).split())
