"""What holds for every text: nothing is lost, nothing is said twice, and spans give their text."""

import itertools
import random
from collections import Counter
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.segmenting import segment
from retrieval.segmenting.blocks import find_blocks
from retrieval.segmenting.passages import MAX_PASSAGE
from retrieval.types import Document, PassageDraft
from tests.retrieval.segmenting.truth import MarkedPage, marked_pages

PAGES = marked_pages()
LINES = [line for page in PAGES for line in page.text.split("\n")]
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\n\n\n\n", "\f", "\u2028", "\v", "\x85", " \n\t\n"])
ODD = st.sampled_from(
    [
        "🧑‍⚖️ 判决👩🏽‍🤝‍👨🏻",
        "𠮷野家在𡈽市",
        "e\u0301te\u0301 à la campagne",
        "\ufeff",
        "\u200b",
        "ﷺ مرحبا بكم",
        "“未闭合的引号，",
        "）】」",
        "#",
        "# ",
        "|",
        "```",
        "关键词",
        "编者按",
        "——",
        "记者",
        "1",
        "- 3 -",
        "。",
        "\u3000\u3000",
        "\x00",
        "a" * 500,
        "字" * 2000,
    ]
)
TEXTS = st.lists(st.tuples(st.one_of(st.sampled_from(LINES), ODD, st.text(max_size=60)), ENDS), max_size=25).map(
    lambda pieces: "".join(line + end for line, end in pieces)
)


def _document(text: str) -> Document:
    return Document("d", "d.txt", text, "utf-8", "0")


def _check(text: str, passages: list[PassageDraft]) -> None:
    covered: Counter[int] = Counter()
    for passage in passages:
        assert passage.text == "".join(text[span.start : span.end] for span in passage.spans)
        assert len(passage.text) <= MAX_PASSAGE + 300 or len(passage.spans) > 1
        for span in passage.spans:
            covered.update(range(span.start, span.end))
        inside = {offset for span in passage.spans for offset in range(span.start, span.end)}
        said = [offset for pieces in passage.sentences for span in pieces for offset in range(span.start, span.end)]
        assert len(said) == len(set(said))
        assert set(said) <= inside
        assert all(text[offset].isspace() for offset in inside - set(said))
    assert all(count == 1 for count in covered.values())
    # A byte order mark at the beginning is a part of the encoding, not of the text.
    lost = [at for at, character in enumerate(text) if not character.isspace() and at not in covered]
    assert lost in ([], [0])
    assert all(text[at] == "\ufeff" for at in lost)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_every_character_is_in_one_passage_and_spans_give_the_text(text: str) -> None:
    _check(text, segment(_document(text)))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_blocks_lie_in_the_order_of_the_text_and_do_not_overlap(text: str) -> None:
    spans = [block.span for block in find_blocks(text)]
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


@lru_cache(maxsize=1)
def _plain(page: MarkedPage) -> list[PassageDraft]:
    return segment(_document(page.text))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_line_ends_change_nothing(page: MarkedPage, end: str) -> None:
    text = page.text.replace("\n", end)
    passages = segment(_document(text))
    _check(text, passages)
    plain = _plain(page)
    assert [p.kind for p in passages] == [p.kind for p in plain]
    assert [p.context for p in passages] == [p.context for p in plain]


def test_a_byte_order_mark_does_not_hide_a_heading() -> None:
    passages = segment(_document("\ufeff# 标题\n\n正文在这里，说了一句话。\n"))
    assert [passage.text for passage in passages] == ["# 标题", "正文在这里，说了一句话。"]
    assert passages[1].context.article == "标题"


@pytest.mark.parametrize("text", ["", "\n", " \t\r\n\u3000", "\ufeff"])
def test_a_blank_text_has_no_passages(text: str) -> None:
    assert all(passage.text == "\ufeff" for passage in segment(_document(text)))


def test_the_same_text_gives_the_same_passages() -> None:
    lines = list(LINES)
    random.Random(7).shuffle(lines)
    text = "\n\n".join(lines)
    assert segment(_document(text)) == segment(_document(text))
