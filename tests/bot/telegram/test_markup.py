import pytest

from tests.bot.telegram.markup import Entity, MarkupError, parse_html


def test_tags_become_entities_in_utf16_units() -> None:
    parsed = parse_html("😀<blockquote>a<b>b&amp;</b></blockquote><code>&lt;&#x6c;&#49;</code>")
    assert parsed.text == "😀ab&<l1"
    assert parsed.entities == (
        Entity("bold", 3, 2, "b&"),
        Entity("blockquote", 2, 3, "ab&"),
        Entity("code", 5, 3, "<l1"),
    )


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<blockquote expandable>a</blockquote>", "expandable_blockquote"),
        ('<span class="tg-spoiler">a</span>', "spoiler"),
        ('<a href="https://example.org/?a=1&amp;b=2">a</a>', "text_link"),
        ('<tg-emoji emoji-id="5368324170671202286">a</tg-emoji>', "custom_emoji"),
        ("<STRONG>a</STRONG>", "bold"),
    ],
)
def test_every_form_of_a_tag_is_known(html: str, kind: str) -> None:
    assert parse_html(html).entities == (Entity(kind, 0, 1, "a"),)


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("a < b", 'Unescaped "<" at byte offset 2'),
        ("1 > 0", 'Unescaped ">" at byte offset 2'),
        ("湖 & 江", 'Unescaped "&" at byte offset 4'),
        ("&nbsp;", 'Unsupported entity "&nbsp;" at byte offset 0'),
        ("&#xD800;", 'Unsupported entity "&#xD800;" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<script>a</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("<br/>", 'Unsupported start tag "br" at byte offset 0'),
        ("<span>a</span>", 'Unsupported attributes in the tag "span" at byte offset 0'),
        ('<b onclick="x">a</b>', 'Unsupported attributes in the tag "b" at byte offset 0'),
        (
            "<blockquote>a<blockquote>b</blockquote></blockquote>",
            "A quotation within a quotation at byte offset 13",
        ),
        ("<code><b>a</b></code>", "Markup within code at byte offset 6"),
    ],
)
def test_other_markup_is_refused(html: str, complaint: str) -> None:
    with pytest.raises(MarkupError) as refusal:
        parse_html(html)
    assert str(refusal.value) == complaint
