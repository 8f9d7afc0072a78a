import sys

import pytest

from retrieval.errors import SourceError
from retrieval.types import Span
from tests.retrieval.reading.samples import read_bytes

PAGE = """<!doctype html><html><head><meta charset="gb2312"><title>调解成功率达九成五 - 株洲日报</title>
<script>document.write("<p>不是正文，是脚本里的文字，谁也不会看到。</p>")</script>
<style>p { color: red }</style></head><body>
<header><a href="/">首页</a> <a href="/n">新闻</a></header><nav><ul><li><a href="1">时政</a></li></ul></nav>
<div class="wrap"><div class="breadcrumb">首页 &gt; 新闻</div><h1>调解成功率达九成五</h1><p>记者 周圆</p>
<div class="content"><p>　　炎陵县去年共受理矛盾纠纷1,234件，
调解成功率95.6%，比上一年提高了两个百分点。</p><h2>做法</h2>
<p>A &amp; B &lt;c&gt; &#x682a;&#27954;，<ruby>攸<rp>(</rp><rt>yōu</rt><rp>)</rp></ruby>县建立了制度。<br>第二行。</p>
<p style="display: none">这一段谁也看不到，因为它被样式藏起来了，不应该读出来。</p>
<table><tr><th>县</th><th>率</th></tr><tr><td>攸县</td><td>96%</td></tr></table>
<p>最后一段文字，也是完整的句子，足够长，读者应当看到它。</p></div>
<div class="related-news"><h3>相关新闻</h3><ul><li><a href="2">别的新闻标题</a></li></ul></div></div>
<footer>版权所有 株洲日报社。未经许可，任何单位和个人不得转载使用本网站的内容。</footer></body></html>"""
ARTICLE = """调解成功率达九成五

记者 周圆

炎陵县去年共受理矛盾纠纷1,234件，调解成功率95.6%，比上一年提高了两个百分点。

做法

A & B <c> 株洲，攸县建立了制度。
第二行。

县	率
攸县	96%

最后一段文字，也是完整的句子，足够长，读者应当看到它。"""


def test_the_article_is_read_without_what_stands_around_it() -> None:
    reading = read_bytes(PAGE.encode("gb18030"), "a.html")
    assert reading.document.text == ARTICLE
    assert reading.document.encoding == "gb18030"
    assert reading.warnings == ()
    assert reading.layout is not None
    assert [(ARTICLE[h.span.start : h.span.end], h.level) for h in reading.layout.headings] == [
        ("调解成功率达九成五", 1),
        ("做法", 2),
    ]


@pytest.mark.parametrize("marked", [True, False])
def test_an_english_page_is_trimmed_to_its_running_text(marked: bool) -> None:
    body = "The council voted on Tuesday night to keep the ferry running. It follows a petition with 3,182 signatures."
    article = f"<h1>Ferry to run on</h1><p>{body}</p><p>Short end.</p><p>{body} Again.</p>"
    inner = f"<main><article>{article}</article></main>" if marked else f"<div><div>{article}</div></div>"
    page = f"<title>Ferry to run on | Gazette</title><div>Log in</div>{inner}<div>Weather: 7 degrees</div>"
    text = read_bytes(page.encode(), "a.htm").document.text
    assert text == f"Ferry to run on\n\n{body}\n\nShort end.\n\n{body} Again."


def test_a_class_name_does_not_remove_the_greater_part_of_a_page() -> None:
    body = "The council voted on Tuesday night to keep the ferry running, and the mayor was driven home after it."
    text = read_bytes(f'<div class="main has-sidebar"><p>{body}</p></div>'.encode(), "a.html").document.text
    assert text == body


def test_a_short_page_without_running_text_is_taken_whole_with_its_title() -> None:
    reading = read_bytes(b"<title>Opening hours</title><ul><li>Monday 9-12<li>Tuesday closed</ul>", "a.html")
    assert reading.document.text == "Opening hours\n\nMonday 9-12\n\nTuesday closed"


def test_preformatted_text_keeps_its_lines_and_other_text_does_not() -> None:
    page = "<pre>one\n  two</pre><p>three\n  four <b> five</b></p><p>中\n文</p>"
    assert read_bytes(page.encode(), "a.html").document.text == "one\n  two\n\nthree four five\n\n中文"


def test_a_page_that_declares_the_wrong_charset_is_read_by_its_bytes() -> None:
    page = PAGE.replace("gb2312", "utf-8")
    reading = read_bytes(page.encode("gb18030"), "a.html")
    assert reading.document.text == ARTICLE
    assert reading.warnings == ("the page declares utf-8 but is in gb18030, and was read so. Correct the declaration.",)
    assert read_bytes(PAGE.encode(), "a.html").document.encoding == "utf-8"


def test_a_few_damaged_bytes_are_shown_and_reported() -> None:
    data = PAGE.encode("gb18030").replace("做法".encode("gb18030"), b"\xd7\xff\xb7\xa8")
    reading = read_bytes(data, "a.html")
    assert "\ufffd" in reading.document.text
    assert reading.warnings[0].endswith(" are shown as \ufffd. Repair the page.")


def test_text_before_and_after_a_heading_has_no_level() -> None:
    reading = read_bytes(b"a<h2>b</h2>c", "a.html")
    assert reading.layout is not None
    assert [h.span for h in reading.layout.headings] == [Span(3, 4)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"<script>1</script>", "holds no text"),
        (b"%PDF-1.7", "this is a PDF document"),
        (b"<b>" * 5000 + b"x", "more than 4000 deep"),
        (b"<p>" + b"<div>" * 200_000 + b"x", "more than 4000 deep"),
    ],
)
def test_what_is_no_page_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message) as refusal:
        read_bytes(data, "a.html")
    assert str(refusal.value).startswith("a.html: ")


def test_a_missing_extra_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("retrieval.reading.page_text", "retrieval.reading.article"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)
    with pytest.raises(SourceError, match=r"needs the extra 'documents'. Install it with: pip install 'wenju\[doc"):
        read_bytes(b"<p>text</p>", "a.html")
