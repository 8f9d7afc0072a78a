"""Who is Hu Changchun? Answered by the post that a text names with him, or by what he did for the page."""

import re
from collections.abc import Iterator

from retrieval.answering.quoting import distinct, squeezed, squeezed_with_places
from retrieval.answering.results import Asked, Result, quoted
from retrieval.answering.selection import Selection
from retrieval.answering.telling import posts_of
from retrieval.language.folding import fold
from retrieval.language.pinyin import Pinyin
from retrieval.language.scripts import has_han
from retrieval.search import Candidate, Findings, Query
from retrieval.types import BlockKind
from retrieval.types.spans import located

__all__ = ["person_result"]

# The post is read off beside the name: as sure as the reading of posts is.
_LIKELY = 0.9
_TITLES = "同志|先生|女士|书记|さん|氏|씨"
_POST_ZH = "职务|职位|官职|身份|职|官"
_WHICH_POST = rf"(?:什么|啥|哪个|哪些)(?:{_POST_ZH})"
_HAN = "[\u4e00-\u9fff·]"
# Compiled by ``re`` at the first question: a sync needs none.
_ASKS = (
    rf"(?:请问|那么?)?(?P<name>{_HAN}{{2,8}}?)(?:{_TITLES})?(?:到底|究竟)?(?:又?是|系)"
    rf"(?:谁|何人|哪位|什么人|(?:干|做)(?:什么|啥|嘛)的|{_WHICH_POST})(?:[,? ]*(?:当时)?(?:是)?{_WHICH_POST})?",
    rf"(?:请问)?谁是(?P<name>{_HAN}{{2,8}})",
    rf"(?:请问)?(?P<name>{_HAN}{{2,8}}?)(?:{_TITLES})?(?:担任|任|当)(?:的是)?{_WHICH_POST}",
    rf"(?:请问)?(?P<name>{_HAN}{{2,8}}?)(?:{_TITLES})?的?(?:{_POST_ZH})(?:是什么|是啥|有哪些)?",
    r"(?:and |so )?who(?:'s| is| was) (?P<name>[^,?]+)",
    r"what (?:is|was) (?P<name>[^,?]+?)['’]s (?:post|position|job|role|office)",
    r"what (?:post|position|office|role|job) (?:does|did) (?P<name>[^,?]+?) (?:hold|have)",
    r"wer (?:ist|war) (?P<name>[^,?]+)",
    r"qui (?:est|était) (?P<name>[^,?]+)",
    r"¿?quién (?:es|era|fue) (?P<name>[^,?]+)",
    r"кто (?:такой |такая |это )?(?P<name>[^,?]+)",
    rf"(?P<name>[^はって?]+?)(?:{_TITLES})?(?:は|って)(?:谁|どなた|どんな人|何者)(?:です|でしょう)?か?",
    rf"(?P<name>[^?]+?)(?:{_TITLES})?(?:은|는|이|가)? ?누구(?:인가요|예요|입니까|죠|야|인지)?",
)
_ENDS = " \t?？。.!！"
# 责任编辑：齐卫国, 记者/周圆 通讯员/赵庭菲 王勇: what somebody did, before one name or several.
_DID = (
    r"(?:(?:责任|美术|文字|执行|本报|全媒体|见习|实习|特约|首席)*(?:编辑|记者)"
    r"|责编|美编|主编|校对|通讯员|摄影|版式|制图|作者|撰稿)"
)
_NAMES = r"[:/|·、,\s]*(?:[\u4e00-\u9fff]{2,4}[、,/\s]+){0,5}"
_ORDER = {BlockKind.CARD: 0, BlockKind.BYLINE: 2, BlockKind.IMPRINT: 3}
# How far from a name, in characters without white space, its post may stand.
_NEAR = 40


def person_result(query: Query, findings: Findings, asked: Asked, pinyin: Pinyin) -> Result | None:
    """Answer who somebody is; None if nobody is asked for so, or no candidate tells.

    Cards of persons come first, then posts in what the search likes best, then by-lines and imprints.
    """
    name = _name_asked(query.text)
    if name is None:
        return None
    sounds = _sounds(name, query, pinyin)
    found = [s for c in findings.candidates for s in _told(c, name, sounds, pinyin)]
    best = sorted(found, key=lambda s: _ORDER.get(s.candidate.passage.kind, 1))
    if not best:
        return None
    return Result(quoted(query, distinct(best)[: asked.top], asked.snapshot), _LIKELY)


def _name_asked(question: str) -> str | None:
    folded = fold(question).strip(_ENDS)
    matches = (re.fullmatch(pattern, folded) for pattern in _ASKS)
    return next((match["name"].strip() for match in matches if match), None)


def _sounds(name: str, query: Query, pinyin: Pinyin) -> frozenset[str]:
    """Give how a name that is not written in Chinese may sound; nothing for one that is."""
    if re.search(_HAN, name):
        return frozenset()
    # Particles stand behind a name in Korean: 후창춘은.
    sources = ((fold(group.source), group) for group in pinyin.query_terms(query.text))
    groups = [group for source, group in sources if source in name or name in source]
    whole = [group for group in groups if len(group.source) == max(len(other.source) for other in groups)]
    return frozenset(term.term for group in whole for term in group.terms)


def _told(candidate: Candidate, name: str, sounds: frozenset[str], pinyin: Pinyin) -> Iterator[Selection]:
    """Give what of a candidate names somebody with a post, or what he did for the page; that is highlighted."""
    if candidate.passage.kind in (BlockKind.BYLINE, BlockKind.IMPRINT):
        yield from _credited(candidate, name)
    for written, post in posts_of(candidate.passage.context):
        if post and (_is_called(written, name) or not sounds.isdisjoint(pinyin.sounds(written)[:1])):
            selection = _selected(candidate, written, post)
            if selection is not None:
                yield selection


def _credited(candidate: Candidate, name: str) -> Iterator[Selection]:
    passage, text = candidate.passage, fold(candidate.passage.text)
    at = text.find(name)
    before = [match for match in re.finditer(_DID, text) if match.end() <= at]
    if before and re.fullmatch(_NAMES, text[before[-1].end() : at]):
        yield Selection(candidate, passage.spans, passage.text, _LIKELY, 0, located(passage.spans, *before[-1].span()))


def _is_called(written: str, name: str) -> bool:
    """Tell whether a question calls somebody by a name as written, or by its end: Cllr Ruth Calloway, Calloway."""
    if has_han(written):
        return squeezed(fold(written)) == squeezed(name)
    words, called = fold(written).split(), name.split()
    return words[-len(called) :] == called


def _selected(candidate: Candidate, name: str, post: str) -> Selection | None:
    passage = candidate.passage
    whole = passage.kind is BlockKind.CARD
    sentences = [passage.spans] if whole else passage.sentences
    texts = [passage.text] if whole else list(candidate.sentences)
    for number, (spans, text) in enumerate(zip(sentences, texts, strict=True)):
        dense, places = squeezed_with_places(text)
        found = _beside(dense, squeezed(name), post, whole=whole)
        if found:
            highlights = tuple(span for a, b in found for span in located(spans, places[a], places[b - 1] + 1))
            return Selection(candidate, tuple(spans), text, _LIKELY, number, highlights)
    return None


def _beside(text: str, name: str, post: str, *, whole: bool) -> list[tuple[int, int]]:
    """Find the parts of a post near a name: offsets ``(start, end)``, in order; none if the name is not there."""
    at = text.find(name)
    if at < 0:
        return []
    low, high = (0, len(text)) if whole else (max(0, at - len(post) - _NEAR), at + len(name) + len(post) + _NEAR)
    found = []
    for part in [post] if post in text[low:high] else post.split("、"):
        dense = squeezed(part)
        starts = [m.start() for m in re.finditer(re.escape(dense), text) if low <= m.start() < high]
        if starts:
            start = min(starts, key=lambda start: abs(start - at))
            found.append((start, start + len(dense)))
    return sorted(found)
