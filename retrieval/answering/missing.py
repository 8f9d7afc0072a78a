import re
from collections.abc import Iterable, Sequence

from retrieval.answering.elements import Element, ElementKind, find_elements
from retrieval.language.folding import fold
from retrieval.language.persons import tag_words
from retrieval.language.pinyin import Pinyin
from retrieval.language.scripts import has_han
from retrieval.language.syllables import cut_syllables
from retrieval.search import Candidate, Findings, Query
from retrieval.search.expectation import Furniture
from retrieval.types import Missing, MissingKind, Passage

__all__ = ["missing_parts", "untold_places"]

# The passages that must have what the question names, and those that tell what there is instead.
_NEAREST = 3
_AROUND = 8
_MOST_AVAILABLE = 5
# What nearly all names from abroad are written with.
_TRANSCRIBES = frozenset(
    "阿埃奥巴贝彼伯博布达戴德迪蒂多恩尔菲费弗夫戈格哈赫霍基吉加卡凯坎科克肯库拉莱朗劳勒雷里利莉琳卢鲁伦罗洛玛曼蒙米莫姆穆纳娜讷尼诺努"
    "帕派佩皮珀普奇恰乔琴琼茹萨塞赛桑瑟沙莎施史斯索塔坦汤特提廷托瓦维威韦沃乌锡谢休雅亚耶伊尤约泽扎詹卓兹佐"
)
# The segmenter's tags of names of persons, and of what it does not know.
_NAME_TAGS = ("nr", "nz", "x")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_DIVISION = re.compile(r"[县縣県区區市镇鎮乡鄉村州旗省]$")
# Names that stand for more than an archive would say, and those whose own papers call them 本港, 本澳.
_WIDE = frozenset(("中国", "全国", "香港", "澳门", "china", "chinese", "hong kong", "macau", "macao"))
_LEAST_NAME = 2
# A surname and a given name of two characters. Of two in all too many are words: 查桥, 养狗, 从江.
_WHOLE_NAME = 3


def missing_parts(query: Query, findings: Findings, pinyin: Pinyin) -> tuple[Missing, ...]:
    """Tell which year, place or name of a question none of the nearest passages has, and what they have instead.

    That is strong evidence that the archive does not answer: it has the figure for another county, or another year.

    :param findings: what the search for the question found.
    :param pinyin: for places written in Latin letters.
    """
    if not findings.candidates:
        return ()
    nearest = [candidate.passage for candidate in findings.candidates[:_NEAREST]]
    around = findings.candidates[:_AROUND]
    elements = find_elements(query.text)
    missing = [*_years(query, elements, nearest, findings.candidates), *_places(elements, nearest, around, pinyin)]
    if not missing:
        missing = list(_names(elements, findings.candidates, pinyin))
    return tuple(missing)


def _years(
    query: Query, elements: Sequence[Element], nearest: Sequence[Passage], every: Sequence[Candidate]
) -> Iterable[Missing]:
    dated = [e for e in elements if e.kind in (ElementKind.YEAR, ElementKind.DATE)]
    asked = dict.fromkeys(year for element in dated for year in _YEAR.findall(element.text))
    if not asked:
        return
    # A page is asked for by its date; a fact by the year that it is told of.
    page = query.furniture is not Furniture.NONE
    told = {year for passage in nearest for year in _told(passage, page=page)}
    if not told:
        # The nearest do not say of which year they are: what no other passage tells of either is missing all the same.
        told = {year for candidate in every for year in _told(candidate.passage, page=page)}
    if not told:
        return
    instead = {year for candidate in every[:_AROUND] for year in _told(candidate.passage, page=page)}
    for year in asked:
        if year not in told:
            yield Missing(MissingKind.YEAR, year, tuple(sorted(instead - {year}))[:_MOST_AVAILABLE])


def _told(passage: Passage, *, page: bool) -> set[str]:
    # The room that cuts pages takes most of a second to import, and most questions name no year.
    from retrieval.segmenting.periods import years_of

    context = passage.context
    told = {str(year) for year in years_of(f"{passage.text} {context.title} {context.article}", context.date)}
    told |= {year for year in context.period.split("/") if year}
    if page or not told or not context.period:
        told |= {context.date[:4]} if context.date else set()
    return told


def untold_places(question: str, passages: Sequence[Passage], pinyin: Pinyin) -> list[str]:
    """Give the places that a question names and none of some passages says, in their text or by where they stand."""
    elements = find_elements(question)
    return list(_untold(elements, passages, pinyin))


def _untold(elements: Sequence[Element], passages: Sequence[Passage], pinyin: Pinyin) -> Iterable[str]:
    asked = [e.text for e in elements if e.kind is ElementKind.PLACE and fold(e.text) not in _WIDE]
    texts = [_everything(passage) for passage in passages] if asked else []
    for place in dict.fromkeys(asked):
        if not _is_said(place, texts, pinyin) and _can_be_said(place, passages):
            yield place


def _places(
    elements: Sequence[Element], nearest: Sequence[Passage], around: Sequence[Candidate], pinyin: Pinyin
) -> Iterable[Missing]:
    available = dict.fromkeys(candidate.passage.context.place for candidate in around)
    for place in _untold(elements, nearest, pinyin):
        instead = tuple(other for other in available if other and _base(other) not in fold(place))
        yield Missing(MissingKind.PLACE, place, instead[:_MOST_AVAILABLE])


def _is_said(place: str, texts: Sequence[str], pinyin: Pinyin) -> bool:
    if any(_base(place) in text or _holds_part(place, text) for text in texts):
        return True
    # 悠县 for 攸县: named with a wrong character.
    forms = pinyin.sounds(place)[:1] if has_han(place) else pinyin.place_forms(place)
    if not forms:
        # A place that is not written in pinyin is one that passages in Chinese name otherwise.
        return not has_han(place)
    # Whether the segmenter knows the name or not; one syllable is heard in any text.
    whole = [form for form in forms if len(cut_syllables(form) or ()) > 1]
    return any(not set(forms).isdisjoint(pinyin.name_terms(text)) or any(pinyin.heard(text, [whole])) for text in texts)


def _names(elements: Sequence[Element], candidates: Sequence[Candidate], pinyin: Pinyin) -> Iterable[Missing]:
    names = [e.text for e in elements if e.kind is ElementKind.PERSON and _is_whole_name(e.text, pinyin)]
    texts = [_everything(candidate.passage) for candidate in candidates] if names else []
    for name in dict.fromkeys(names):
        said = any(_base(name) in text or _holds_part(name, text) for text in texts)
        if not said and _can_be_said(name, [candidate.passage for candidate in candidates[:_NEAREST]]):
            people = dict.fromkeys(person for c in candidates[:_AROUND] for person in c.passage.context.people)
            yield Missing(MissingKind.NAME, name, tuple(people)[:_MOST_AVAILABLE])


def _is_whole_name(name: str, pinyin: Pinyin) -> bool:
    """Tell whether what the tagger takes for a person's name has a surname and no word behind it: 赵奶奶, 索生锈."""
    folded = fold(name)
    if len(folded) != _WHOLE_NAME or not has_han(folded) or not pinyin.is_surname(folded[0]):
        return False
    words = tag_words(folded[1:])
    return len(words) != 1 or words[0].tag.startswith(_NAME_TAGS)


def _can_be_said(name: str, nearest: Sequence[Passage]) -> bool:
    """Tell whether passages would write a name as the question does: one from abroad is written in many ways."""
    foreign = _TRANSCRIBES.issuperset(_base(name))
    return not has_han(name) or (not foreign and all(has_han(passage.text) for passage in nearest))


def _holds_part(name: str, text: str) -> bool:
    """Tell whether a text has a name but for a character or two at its ends, which are of the words beside it."""
    folded = fold(name)
    parts = (folded[start:end] for start, end in ((1, None), (None, -1), (1, -1), (None, -2)))
    return any(len(part) >= _LEAST_NAME and part in text for part in parts)


def _everything(passage: Passage) -> str:
    context = passage.context
    told = (
        passage.text,
        context.place,
        context.article,
        *context.headings,
        context.title,
        context.byline,
        context.section,
        context.publication,
        *context.people,
    )
    return fold("\n".join(told))


def _base(place: str) -> str:
    folded = fold(place).replace("県", "县")
    return folded if len(folded) <= _LEAST_NAME else _DIVISION.sub("", folded)
