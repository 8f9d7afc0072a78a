import re
from collections.abc import Iterator

from retrieval.types import Span

__all__ = ["MAX_SENTENCE", "split_sentences"]

# A longer sentence is cut at its semicolons, else its commas: a quote of it must stay readable.
MAX_SENTENCE = 300
# A quotation or bracket is kept whole up to this length; a longer one, or one never closed, is cut at its sentences.
_MAX_ENCLOSED = 120

_PAIRS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "（": "）",
    "(": ")",
    "【": "】",
    "〔": "〕",
    "[": "]",
}
_CLOSERS = frozenset("”’」』》）)】〕]\"'»")
_WIDE_ENDS = frozenset("。！？!?…｡")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|sr|jr|no|nos|vs|etc|e\.g|i\.e|cf|vol|fig|pp|p|ca|gen|col|sen|rep|gov|inc|ltd|co|corp"
    r"|bzw|z\.b|d\.h|u\.a|usw|nr|mme|mlle|av|sra|dra|ud|т\.е|т\.д|т\.п|г|гг|ул|им)|\b[^\W\d_])$",
    re.IGNORECASE,
)
_MARK = re.compile(f"[{re.escape(''.join([*_PAIRS, *sorted(_WIDE_ENDS)]))}.．]")
_CLAUSE_ENDS = (frozenset("；;"), frozenset("，,、：:"), frozenset(" \n\t"))


def split_sentences(text: str) -> list[Span]:
    """Find the sentences of a paragraph: spans of ``text`` in order, without the white space between them.

    An end inside a quotation or bracket, a decimal point or the full stop of an abbreviation does not end a sentence.
    No sentence is longer than ``MAX_SENTENCE`` characters.
    """
    spans: list[Span] = []
    start = 0
    for end in [*_ends(text), len(text)]:
        spans.extend(_shorten(text, start, end))
        start = end
    return spans


def _ends(text: str) -> Iterator[int]:
    position = 0
    while position < len(text):
        mark = _MARK.search(text, position)
        if mark is None:
            return
        position = mark.start()
        character = text[position]
        closer = _PAIRS.get(character)
        if closer is not None:
            close = text.find(closer, position + 1, position + _MAX_ENCLOSED)
            # What is enclosed belongs to the sentence around it, unless it ends one itself: “……。”
            if close > 0 and not _enclosure_ends(text, close):
                position = close + 1
                continue
            if close > 0:
                position = close
                character = text[position - 1]
        if character in _WIDE_ENDS or (character in ".．" and _is_full_stop(text, position)):
            end = position + 1
            while end < len(text) and (text[end] in _WIDE_ENDS or text[end] in _CLOSERS):
                end += 1
            if end < len(text):
                yield end
            position = end
        else:
            position += 1


def _enclosure_ends(text: str, close: int) -> bool:
    """Tell whether the enclosed words end their sentence: a full stop inside, and no comma or word going on after."""
    if text[close - 1] not in _WIDE_ENDS:
        return False
    following = text[close + 1 : close + 2]
    return (
        not following
        or following.isspace()
        or following in _PAIRS
        or (text[close] == "”" and following not in "，,、的等是")
    )


def _is_full_stop(text: str, position: int) -> bool:
    following = text[position + 1 : position + 2]
    if following in _CLOSERS and following:
        following = text[position + 2 : position + 3]
    if following and not following.isspace():
        return False
    if _ABBREVIATION.search(text, max(0, position - 6), position):
        return False
    rest = text[position + 1 : position + 40].lstrip(" \t\n\"'“”«»()")
    return not rest or not rest[0].islower()


def _shorten(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_SENTENCE:
        cut = _cut(text, start)
        yield Span(start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Span(start, end)


def _cut(text: str, start: int) -> int:
    for ends in _CLAUSE_ENDS:
        for position in range(start + MAX_SENTENCE - 1, start + MAX_SENTENCE // 4, -1):
            if text[position] in ends:
                return position + 1
    return start + MAX_SENTENCE
