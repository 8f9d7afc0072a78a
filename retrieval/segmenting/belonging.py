import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from retrieval.segmenting.furniture import is_list_item
from retrieval.segmenting.pages import Placed
from retrieval.segmenting.sentences import split_sentences
from retrieval.types import BlockKind

__all__ = ["asks", "with_their_lists", "with_their_questions"]

# A list and what leads in to it, a question and its answer are one passage up to a quote's length: longer ones are
# searched by their parts.
_LONGEST_TOGETHER = 400
# A longer question is told by its last sentence, which asks; the ones before tell a story.
_LONGEST_QUESTION = 80
_ITEM = re.compile(
    r"\s*(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]|[①-⑳]|[•·▪◦]\s?|[一二三四五六七八九十]是)"
)
_LEAD_IN = re.compile(r"[:：]\s*$")
_ASKED = re.compile(
    r"\s*[*_【\[]*(?:问|問|读者问|Q|Frage|Question|Pregunta|Domanda|Вопрос|В|문|質問)[】\]]?\s?\d{0,2}\s?[:：.．][*_】\]]*\s*",
    re.IGNORECASE,
)
# In an interview whoever asks has a name too: 记者：您是哪年进厂的？
_SPEAKER = re.compile(r"\s*[*_]*(?P<who>[^\s:：，。,.!?！？“”\"]{1,12})\s?[:：][*_]*\s*(?=\S)")
_ENDS_ASKING = re.compile(r"[?？][”\"』」）)]*\s*$")

_Read = Callable[[Placed], str]


def with_their_lists(entries: Sequence[Placed], read: _Read) -> Iterator[Placed]:
    """Give the entries, each list as one with the paragraph that leads in to it: 不得有下列行为：（一）随地吐痰.

    :param read: gives an entry's text.
    """
    led: Placed | None = None
    size = 0
    for entry in entries:
        text = read(entry)
        is_text = entry.parts[0].kind is BlockKind.PARAGRAPH
        size += len(text)
        if led is not None and is_text and (_ITEM.match(text) or is_list_item(text)) and size <= _LONGEST_TOGETHER:
            led = Placed(led.parts + entry.parts, led.context)
            continue
        if led is not None:
            yield led
        led, size = (entry, len(text)) if is_text and _LEAD_IN.search(text) else (None, 0)
        if led is None:
            yield entry
    if led is not None:
        yield led


def with_their_questions(entries: Sequence[Placed], read: _Read) -> Iterator[tuple[Placed, bool]]:
    """Give the entries, and of each whether it is a question of the page by itself, which is searched as a heading.

    A question and the paragraph that answers it are one entry up to a quote's length; what else answers it stands under
    it, as under a heading.

    :param read: gives an entry's text.
    """
    question = article = ""
    asked: Placed | None = None
    for index, entry in enumerate(entries):
        if entry.parts[0].kind is not BlockKind.PARAGRAPH or entry.context.article != article:
            question, article = "", entry.context.article
        following = entries[index + 1] if index + 1 < len(entries) else None
        text = read(entry)
        is_text = entry.parts[0].kind is BlockKind.PARAGRAPH
        if is_text and asks(text, read(following) if following is not None else ""):
            if asked is not None:
                yield asked, True
            question, asked = _question(text), entry
            continue
        if asked is not None and question and len(read(asked)) + len(text) <= _LONGEST_TOGETHER:
            yield Placed(asked.parts + entry.parts, entry.context), False
        else:
            if asked is not None:
                yield asked, True
            yield (_under(entry, question) if question else entry), False
        asked = None
    if asked is not None:
        yield asked, True


def _under(entry: Placed, question: str) -> Placed:
    return Placed(entry.parts, replace(entry.context, headings=(*entry.context.headings, question)))


def asks(text: str, following: str) -> bool:
    """Tell whether a paragraph is what somebody is asked, which the following one answers."""
    if _ASKED.match(text):
        return True
    asking, answering = _SPEAKER.match(text), _SPEAKER.match(following)
    return bool(
        asking
        and answering
        and _ENDS_ASKING.search(text)
        and not _ENDS_ASKING.search(following)
        and asking["who"] != answering["who"]
    )


def _question(text: str) -> str:
    label = _ASKED.match(text) or _SPEAKER.match(text)
    said = " ".join(text[label.end() if label else 0 :].split())
    if len(said) <= _LONGEST_QUESTION:
        return said
    last = split_sentences(said)[-1]
    return said[last.start : last.end]
