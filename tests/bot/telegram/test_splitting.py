import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.telegram.splitting import MESSAGE_LIMIT, split
from bot.telegram.text import Quoting, Run, clean, is_blank, to_html, to_plain, utf16_length
from tests.bot.telegram.markup import parse_html, utf16

_HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text("<>&;\"'/ab\n 。，😀\u200d👩🏽\u0301\u200b\u202e\u2067\r\x00\ud800", max_size=60),
    st.sampled_from(["</b>", "&amp;", "<blockquote>", "&#60;", "\n\n", "。”", "👩‍👩‍👧‍👦", "e\u0301" * 20]),
)
_RUNS = st.lists(
    st.builds(Run, _HOSTILE.map(clean), st.booleans(), st.just(False), st.sampled_from(Quoting)), max_size=8
)


@given(_RUNS, st.integers(2, 40))
@settings(max_examples=100, deadline=None)
def test_parts_are_valid_short_and_whole(runs: list[Run], limit: int) -> None:
    parts = split(runs, limit)
    for part in parts:
        parsed = parse_html(to_html(part))
        assert parsed.text == to_plain(part)
        assert utf16(parsed.text) <= limit
        assert not is_blank(parsed.text)
    whole = to_plain(runs)
    position = 0
    for part in parts:  # what lies between the parts shows nothing
        found = whole.index(to_plain(part), position)
        assert is_blank(whole[position:found])
        position = found + len(to_plain(part))
    assert is_blank(whole[position:])


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=500), st.integers(2, 50))
@example("\u115f", 2)  # a letter by its category, the Hangul filler shows nothing
@settings(max_examples=50, deadline=None)
def test_nothing_visible_is_lost(text: str, limit: int) -> None:
    kept = "".join(to_plain(part) for part in split([Run(text)], limit))
    assert _visible(kept) == _visible(text)


def _visible(text: str) -> str:
    return "".join(character for character in text if not is_blank(character))


@given(_RUNS)
@settings(max_examples=60, deadline=None)
def test_style_survives_the_markup(runs: list[Run]) -> None:
    parsed = parse_html(to_html(runs))
    assert parsed.text == to_plain(runs)
    bold = "".join(entity.text for entity in parsed.entities if entity.kind == "bold")
    assert bold == "".join(run.text for run in runs if run.bold)
    quoted = "".join(entity.text for entity in parsed.entities if entity.kind.endswith("blockquote"))
    assert quoted == "".join(run.text for run in runs if run.quoting)


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_length_is_counted_in_utf16_units(text: str) -> None:
    assert utf16_length(text) == utf16(text)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("aaaa\n\nbbb\nccc。ddd", "aaaa\n\n"),
        ("aaaabbb\nccc。ddd", "aaaabbb\n"),
        ("他说：“好。”我们走吧走吧", "他说：“好。”"),
        ("It is so. It was so", "It is so. "),
        ("version 3.14 is out", "version "),
        ("abcdefghijklmnop", "abcdefghij"),
        ("aaaaaaaae\u0301e\u0301", "aaaaaaaae\u0301"),
        ("aaaaaaaaae\u0301", "aaaaaaaaa"),
        ("aaaa👩\u200d👩\u200d👧", "aaaa"),
    ],
)
def test_cuts_fall_where_a_reader_would_cut(text: str, first: str) -> None:
    assert to_plain(split([Run(text)], 10)[0]) == first


def test_a_quotation_is_closed_and_opened_again() -> None:
    parts = split(
        [Run("一二三。四", quoting=Quoting.EXPANDABLE), Run("五六", bold=True, quoting=Quoting.EXPANDABLE)], 5
    )
    assert [to_html(part) for part in parts] == [
        "<blockquote expandable>一二三。</blockquote>",
        "<blockquote expandable>四<b>五六</b></blockquote>",
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 4096, 1), ("a" * 4097, 2), ("😀" * 2048, 1), ("😀" * 4096, 2), ("&" * 10_000, 3), ("\u200b" * 9_000, 0)],
)
def test_the_limit_is_telegrams(text: str, count: int) -> None:
    parts = split([Run(text)])
    assert len(parts) == count
    assert all(utf16(parse_html(to_html(part)).text) <= MESSAGE_LIMIT == 4096 for part in parts)


def test_a_limit_without_room_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 UTF-16 code units, got 1"):
        split([Run("a")], 1)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\tc\x1fd", "a b c d"),
        ("\u202eabc\u202c", "abc"),
        ("\ud83d", "\ufffd"),
        ("株洲\u200b日报\u2067é", "株洲\u200b日报\u2067é"),
    ],
)
def test_clean_keeps_all_that_telegram_shows(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
