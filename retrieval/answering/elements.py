import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from retrieval.language.months import MONTHS
from retrieval.language.ordinary import is_ordinary
from retrieval.language.persons import TaggedWord, find_persons, tag_words
from retrieval.language.scripts import has_han, has_kana

__all__ = ["Element", "ElementKind", "find_elements"]


class ElementKind(StrEnum):
    """What kind of thing a question names."""

    YEAR = "year"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Element:
    """A year, day, place, person or public body that a text names, at ``[start, end)``; ``text`` are its words."""

    kind: ElementKind
    start: int
    end: int
    text: str


_DATE = re.compile(
    rf"(?:(?:19|20)\d\d\s*[年년]\s*)?\d{{1,2}}\s*[月월]\s*\d{{1,2}}\s*[日号일]|(?:19|20)\d\d-\d\d-\d\d"
    rf"|\d{{1,2}}\.? (?:de )?(?:{MONTHS})\b(?:,? (?:de )?(?:19|20)\d\d)?|\b(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"(?:,? (?:19|20)\d\d)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)(?:\s*年度?|\s*년도?)?")
_BODY = re.compile(
    r"(?:中院|中级人民法院|(?:人民)?法院|(?:人民)?检察院|检察机关|审判机关|公安机关|公安局?|交警|派出所|司法局|司法行政机关|政法委|法院系统)"
)
_HAN_PLACE = re.compile(
    r"(?<![\u4e00-\u9fff])(?:(?![县縣区區市镇鎮乡鄉村])[\u4e00-\u9fff]){1,3}[县縣区區市镇鎮乡鄉](?![县縣区區市镇鎮乡鄉村]|[\u4e00-\u9fff]{0,1}[委局院])"
)
_NO_PLACE = frozenset(
    (
        "城市",
        "全市",
        "全县",
        "全省",
        "全国",
        "社区",
        "地区",
        "园区",
        "城区",
        "山区",
        "中国",
        "本市",
        "县市",
        "上门",
        "小区",
        "农村",
        "乡村",
        "市区",
    )
)
_DIVISIONS = frozenset("县縣県区區市镇鎮乡鄉村")
# The only ones that a noun in front makes a place's name with.
_DIVISIONS_OF_NOUNS = frozenset("县市区")
# The second is of names from abroad.
_PLACE_TAGS = ("ns", "nrt")
_MAX_PERSON = 3
# 我们小区, 哪个区: words that point at a place instead of naming it.
_POINTS = re.compile(r"[这那哪我你他她各该本某全一两几每]")
_TYPE = r"(?:County|City|District|Province|Town|Township|Village)"
_LATIN_PLACE = re.compile(
    rf"\b[A-Z][a-z]+(?: [A-Z][a-z]+)? {_TYPE}\b"
    r"|(?:\b(?:comté|district|ville|condado|distrito|ciudad|Kreis|Bezirk|Stadt|уезде?а?|районе?а?|городе?а?)"
    r"(?: de| d['’]| del?)? ?)[A-ZА-Я][\w-]+"
    r"|(?:(?<=\b[Ii]n )|(?<=\b(?:of|at|en|de|im) )|(?<=\b[вà] )|(?<=\b(?:from|dans|para) )|(?<=\b(?:aus|von|did) ))"
    r"[A-ZА-Я][\w-]+"
)
_HANGUL_PLACE = re.compile(
    r"(?<![가-힣])[가-힣]{1,4}(?:현|시|구|성|군)(?=(?:은|는|의|에|에서|과|와|이|가|요|은요|는요)?(?![가-힣])|에서)"
)
_LATIN_NO_PLACE = re.compile(rf"(?:{MONTHS}|Chinese|China)", re.IGNORECASE)
_LATIN_PERSON = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+ [A-Z][a-z]+(?:[a-z]+)?\b(?! (?:County|City|District))")


@lru_cache(maxsize=64)
def find_elements(text: str) -> tuple[Element, ...]:
    """Find what a question names, in order and without overlaps; days go before years, bodies before places."""
    found: list[Element] = []
    for kind, start, end in _all(text):
        if start < end and all(end <= known.start or known.end <= start for known in found):
            found.append(Element(kind, start, end, text[start:end]))
    return tuple(sorted(found, key=lambda element: element.start))


def _all(text: str) -> Iterator[tuple[ElementKind, int, int]]:
    """Give what may be elements, surest first; they overlap."""
    for kind, pattern in ((ElementKind.DATE, _DATE), (ElementKind.YEAR, _YEAR)):
        yield from _matches(kind, pattern, text)
    if has_han(text):
        yield from _matches(ElementKind.BODY, _BODY, text)
        # Words of Japanese are no names of persons to a tagger of Chinese.
        japanese = has_kana(text)
        for start, end, kind in _tagged(text):
            if kind is ElementKind.PLACE or not japanese:
                yield kind, start, end
        for place in _matches(ElementKind.PLACE, _HAN_PLACE, text):
            name = text[place[1] : place[2]]
            if name not in _NO_PLACE and not _POINTS.match(name):
                yield place
    yield from _matches(ElementKind.PLACE, _HANGUL_PLACE, text)
    for place in _matches(ElementKind.PLACE, _LATIN_PLACE, text):
        if not _LATIN_NO_PLACE.fullmatch(text[place[1] : place[2]]):
            yield place
    yield from _matches(ElementKind.PERSON, _LATIN_PERSON, text)


def _matches(kind: ElementKind, pattern: re.Pattern[str], text: str) -> Iterator[tuple[ElementKind, int, int]]:
    for match in pattern.finditer(text):
        yield kind, match.start(), match.end()


def _tagged(text: str) -> list[tuple[int, int, ElementKind]]:
    """Find Chinese names of places and persons by the tagger, a suffix that it cut off included."""
    words = tag_words(text)
    persons = {name.start: name for name in find_persons(words)}
    found: list[tuple[int, int, ElementKind]] = []
    taken = 0
    for word, following in itertools.zip_longest(words, words[1:]):
        if word.start < taken or word.text in _NO_PLACE or not has_han(word.text) or _POINTS.match(word.text):
            continue
        after = following.text if following else ""
        suffixed = (
            word.text[-1] not in _DIVISIONS
            and after in _DIVISIONS
            and not (word.tag == "n" and after not in _DIVISIONS_OF_NOUNS)
        )
        person = persons.get(word.start)
        if person is not None and person.joined:
            # 胡长春: a given name that is also a city names no city here.
            taken = person.end
            found.append((word.start, taken, ElementKind.PERSON))
        elif (suffixed and word.tag[:1] in "nqgz" and len(word.text) > 1) or _is_place(word):
            found.append((word.start, word.end + suffixed, ElementKind.PLACE))
        elif person is not None and len(person.text) <= _MAX_PERSON and not person.text.startswith("老"):
            found.append((word.start, word.end, ElementKind.PERSON))
    return found


def _is_place(word: TaggedWord) -> bool:
    return word.tag.startswith(_PLACE_TAGS) and len(word.text) > 1 and not is_ordinary(word.text)
