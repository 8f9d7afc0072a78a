import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.rendering import render_answer, render_sources
from bot.telegram.splitting import split
from bot.telegram.text import clean, to_html, to_plain
from bot.wording import messages
from retrieval.types import Answer, AnswerStatus, Context, DocumentInfo, Quote, Span
from tests.bot.telegram.markup import parse_html

_HOSTILE_TEXTS = [
    "<script>alert(1)</script> & </blockquote> &amp; &lt; \"'",
    "第一行\n第二行\n\n第四行",
    "صباح الخير \u202e反\u202c \u2067עברית\u2069",
    "零\u200b宽\u200d字\ufeff符",
    "\x00\x07\x1b[31m红\x7f",
    "👩‍👩‍👧‍👦" * 40,
    "a\r\nb",
]


def _quote(
    text: str, *highlights: tuple[int, int], context: Context | None = None, lines: tuple[int, int] = (3, 3)
) -> Quote:
    marked = tuple(Span(start, end) for start, end in highlights)
    return Quote(text, "a<b>&.txt", "1", (Span(0, len(text)),), lines, marked, 1.0, context or Context())


def _answered(*quotes: Quote) -> Answer:
    return Answer(AnswerStatus.ANSWERED, "?", "zh", quotes)


def test_a_quote_with_its_place_in_english() -> None:
    context = Context(publication="株洲日报", date="2021-11-10", page="B1", article="绘就 <平安>\n新画卷")
    runs = render_answer(_answered(_quote("调解率为98%。", (4, 7), context=context, lines=(3, 5))), messages("en"))
    assert to_html(runs) == (
        "<blockquote>调解率为<b>98%</b>。</blockquote>\n"
        "“绘就 &lt;平安&gt; 新画卷” · 株洲日报 · 10 November 2021 · page B1\n"
        "<code>a&lt;b&gt;&amp;.txt:3-5</code>"
    )


def test_a_quote_with_its_place_in_chinese() -> None:
    context = Context(title="特别报道", date="2021-11-10", page="B1")
    runs = render_answer(_answered(_quote("一。", context=context)), messages("zh-hant"))
    assert to_plain(runs) == "一。\n《特别报道》 · 2021年11月10日 · 第B1版\na<b>&.txt:3"


def test_several_quotes_stand_apart_in_the_order_of_the_answer() -> None:
    html = to_html(render_answer(_answered(_quote("一。"), _quote("二。")), messages("en")))
    assert re.findall("<blockquote>(.)。</blockquote>", html) == ["一", "二"]
    assert ":3</code>\n\n<blockquote>二" in html
    assert re.findall("<blockquote>.*?</blockquote>\n([12])\\. <code>", html) == ["1", "2"]


def test_a_long_quote_can_be_folded() -> None:
    assert parse_html(to_html(render_answer(_answered(_quote("长" * 301)), messages("en")))).entities[0].kind == (
        "expandable_blockquote"
    )
    assert parse_html(to_html(render_answer(_answered(_quote("长" * 300)), messages("en")))).entities[0].kind == (
        "blockquote"
    )


def test_no_answer_offers_near_misses_as_such() -> None:
    answer = Answer(AnswerStatus.NOT_FOUND, "?", "en", (), (_quote("近处", (0, 1)),))
    words = messages("en")
    html = to_html(render_answer(answer, words))
    assert html.startswith(f"{words.text('not_found')}\n\n{words.text('near_misses')}\n<blockquote>近处</blockquote>\n")


def test_no_answer_and_no_near_miss_is_one_sentence() -> None:
    answer = Answer(AnswerStatus.NOT_FOUND, "?", "zh")
    assert to_plain(render_answer(answer, messages("zh"))) == messages("zh").text("not_found")


@pytest.mark.parametrize("text", _HOSTILE_TEXTS)
def test_hostile_quotes_are_shown_and_not_obeyed(text: str) -> None:
    context = Context(article=text, publication=text)
    html = to_html(render_answer(_answered(_quote(text, (0, 1), context=context)), messages("en")))
    parsed = parse_html(html)
    assert [entity.text for entity in parsed.entities if entity.kind == "blockquote"] == [clean(text)]
    assert {entity.kind for entity in parsed.entities} == {"blockquote", "bold", "code"}


@given(st.text(min_size=1, max_size=300), st.data())
@settings(max_examples=50, deadline=None)
def test_any_quote_and_highlight_make_valid_messages(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quotes = [_quote(text, (start, end), context=Context(title=text))] * 4
    for part in split(render_answer(_answered(*quotes), messages("zh")), 500):
        assert parse_html(to_html(part)).text == to_plain(part)


def test_sources_are_named_with_title_and_date() -> None:
    documents = [DocumentInfo(str(n), f"{n}.txt", "题<目>", "", "2021-11-10", "utf-8", "", 10, 1) for n in range(2)]
    text = to_plain(render_sources(documents, messages("en")))
    assert text == "“题<目>” · 10 November 2021\n0.txt\n\n“题<目>” · 10 November 2021\n1.txt\n\n"
    assert to_plain(render_sources([], messages("zh"))) == messages("zh").text("no_documents")
