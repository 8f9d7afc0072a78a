import pytest

from retrieval.reading import Page
from retrieval.reading.flow import PageLines, Piece, flow
from retrieval.reading.running_heads import without_running_heads
from retrieval.types import Box, Place, Span


def column(texts: list[str], *, left: float = 0, top: float = 50, full: float = 200) -> tuple[Piece, ...]:
    """Set lines under one another: a line that begins with a blank is indented, one that ends with one is short."""
    return tuple(
        Piece(
            text,
            Box(
                left + 15 * text.startswith(" "),
                top + 15 * number,
                left + full - 90 * text.endswith(" "),
                top + 15 * number + 10,
            ),
        )
        for number, text in enumerate(texts)
    )


def page(pieces: tuple[Piece, ...], number: int = 1) -> PageLines:
    return PageLines(Page(number, 450, 600), pieces)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["the council met in the coun-", "cil chamber and voted. "],
            "the council met in the council chamber and voted.",
        ),
        (["in the years of 2019-", "2023 and after that. "], "in the years of 2019- 2023 and after that."),
        (["全面提升政法队伍专业化水", "平，打造铁军。 "], "全面提升政法队伍专业化水平，打造铁军。"),
        (["경찰은 지난해 사건을", "처리했다고 밝혔다. "], "경찰은 지난해 사건을 처리했다고 밝혔다."),
        (
            [" One begins here and", "ends here. ", " Two begins here and", "ends. "],
            "One begins here and ends here.\n\nTwo begins here and ends.",
        ),
    ],
)
def test_lines_are_joined_to_paragraphs(texts: list[str], expected: str) -> None:
    assert flow([page(column(texts))]).text == expected


def test_a_paragraph_that_a_column_cuts_is_joined_and_keeps_its_places() -> None:
    left = column([" The council voted on", "Tuesday night to keep", "the river ferry for the"])
    right = column(["people of the town and", "its villages. ", " The mayor agreed and", "went home. "], left=220)
    flowing = flow([page(left + right)])
    joined = "The council voted on Tuesday night to keep the river ferry for the people of the town and its villages."
    assert flowing.text == f"{joined}\n\nThe mayor agreed and went home."
    start = flowing.text.index("for the people of")
    places = flowing.layout.places([Span(start, start + 17)])
    assert [place.box.left > 219 for place in places] == [False, True]


def test_a_column_that_ends_a_sentence_or_meets_an_indent_is_not_joined() -> None:
    left = column([" The council voted on", "Tuesday night. It rained."])
    right = column(["people of the town and", "its villages. "], left=220)
    assert flow([page(left + right)]).text.count("\n\n") == 1
    indented = column([" People of the town and", "its villages went. "], left=220)
    assert flow([page(left[:1] + column(["voted on the ferry and"], top=65) + indented)]).text.count("\n\n") == 1


def test_vertical_writing_is_read_from_right_to_left_and_tier_by_tier() -> None:
    def line(text: str, right: float, top: float) -> Piece:
        return Piece(text, Box(right - 10, top, right, top + 10 * len(text)))

    upper = [
        line("株洲日報今日報道全市", 200, 0),
        line("政法機關召開大會研究", 185, 0),
        line("部署全年重點工作安排", 170, 0),
    ]
    lower = [line("第二欄的文字從這裡起", 200, 120), line("一直寫到這裡為止結束", 185, 120)]
    flowing = flow([page((*lower, *reversed(upper)))])
    assert flowing.text.replace("\n", "") == "".join(piece.text for piece in (*upper, *lower))
    assert flowing.layout.places([Span(0, 5)]) == (Place(1, Box(190, 0, 200, 50)),)


def test_running_heads_and_page_numbers_are_left_out_of_longer_documents() -> None:
    pages = [
        page(
            (
                Piece("Gazette, 14 March", Box(150, 10, 300, 20)),
                *column([f"Sentence number {number} goes", "on to the end of it. "], top=100),
                Piece(str(number), Box(220, 580, 230, 590)),
            ),
            number,
        )
        for number in range(1, 5)
    ]
    text = flow(without_running_heads(pages)).text
    assert text == "\n\n".join(f"Sentence number {number} goes on to the end of it." for number in range(1, 5))
    assert "Gazette" in flow(without_running_heads(pages[:2])).text


def test_a_page_without_lines_is_a_page() -> None:
    flowing = flow([page(())])
    assert (flowing.text, flowing.layout.lines, len(flowing.layout.pages)) == ("", (), 1)
