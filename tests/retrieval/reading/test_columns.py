import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.reading.columns import reading_order, rows_of
from retrieval.types import Box

EM = 10.0
PITCH = 15.0


def lines(left: float, top: float, width: float, count: int, *, height: float = EM, pitch: float = PITCH) -> list[Box]:
    """Give full lines of a column, the last one half as long."""
    return [
        Box(left, top + n * pitch, left + (width if n + 1 < count else width / 2), top + n * pitch + height)
        for n in range(count)
    ]


def order_of(parts: Sequence[Sequence[Box]]) -> list[Box]:
    """Shuffle the parts' lines and give them in reading order."""
    boxes = sorted((box for part in parts for box in part), key=lambda box: (box.right * 7919 % 97, box.top, box.left))
    return [boxes[index] for block in reading_order(boxes) for row in rows_of(block, boxes) for index in row]


def flat(parts: Sequence[Sequence[Box]]) -> list[Box]:
    return [box for part in parts for box in part]


HEADLINE = [Box(60, 0, 580, 25)]
PARAGRAPHS = [lines(0, 40, 200, 4), lines(0, 130, 200, 6), lines(220, 40, 200, 4), lines(220, 130, 200, 6)]
PAGES = {
    "one column": [lines(0, 0, 300, 30)],
    "gaps between paragraphs side by side": PARAGRAPHS,
    "a headline over three columns": [HEADLINE, *(lines(220 * n, 40, 200, 12) for n in range(3))],
    "a byline in the middle over three columns": [
        HEADLINE,
        lines(250, 40, 280, 1),
        *(lines(220 * n, 70, 200, 12) for n in range(3)),
    ],
    "two articles under one another": [
        [Box(0, 0, 420, 25)],
        lines(0, 40, 200, 5),
        lines(220, 40, 200, 5),
        [Box(0, 130, 420, 155)],
        lines(0, 170, 200, 5),
        lines(220, 170, 200, 5),
    ],
    "a short headline over the left column only": [
        [Box(0, 0, 120, 18)],
        lines(0, 30, 200, 10),
        lines(220, 0, 200, 12),
    ],
    "a picture in the middle column": [
        lines(0, 0, 200, 20),
        lines(220, 0, 200, 4),
        lines(220, 220, 200, 6),
        lines(440, 0, 200, 20),
    ],
    "articles that turn around a picture": [
        [Box(0, 0, 420, 20)],
        lines(0, 30, 420, 4),
        lines(0, 110, 200, 12),
        [Box(220, 140, 640, 160)],
        lines(220, 170, 420, 8),
        lines(440, 0, 200, 8),
    ],
    "a list with numbers": [
        [Box(0, 0, 10, 10), Box(20, 0, 300, 10), Box(0, 15, 10, 25), Box(20, 15, 280, 25), Box(0, 30, 10, 40)],
        [Box(20, 30, 290, 40)],
    ],
    "three columns of unequal length": [lines(0, 0, 200, 9), lines(220, 0, 200, 20), lines(440, 0, 200, 5)],
}


@pytest.mark.parametrize("name", [name for name in PAGES if name != "articles that turn around a picture"])
def test_a_page_is_read_column_by_column(name: str) -> None:
    assert order_of(PAGES[name]) == flat(PAGES[name])


def test_what_no_straight_cut_takes_apart_keeps_each_article_together() -> None:
    parts = PAGES["articles that turn around a picture"]
    found = order_of(parts)
    assert len(found) == len(flat(parts))
    for part in parts:
        positions = [found.index(box) for box in part]
        assert positions == list(range(positions[0], positions[0] + len(part)))
    assert found.index(parts[0][0]) < found.index(parts[1][0]) < found.index(parts[2][0])
    assert found.index(parts[3][0]) < found.index(parts[4][0])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 5),
    st.lists(st.integers(3, 25), min_size=5, max_size=5),
    st.floats(-0.01, 0.01),
    st.randoms(use_true_random=False),
)
def test_crooked_and_uneven_scans_are_read_column_by_column(
    columns: int, counts: list[int], slope: float, chance: random.Random
) -> None:
    parts = [
        [
            Box(
                box.left + chance.uniform(-1, 1),
                box.top + slope * box.left + chance.uniform(-1, 1),
                box.right + chance.uniform(-1, 1),
                box.bottom + slope * box.left + chance.uniform(-1, 1),
            )
            for box in lines(220 * n, 40, 200, counts[n])
        ]
        for n in range(columns)
    ]
    assert order_of(parts) == flat(parts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(1, 200), st.integers(1, 30)), max_size=60)
)
def test_every_line_is_read_once_whatever_the_page(values: list[tuple[int, int, int, int]]) -> None:
    boxes = [Box(x, y, x + width, y + height) for x, y, width, height in values]
    found = [index for block in reading_order(boxes) for row in rows_of(block, boxes) for index in row]
    assert sorted(found) == list(range(len(boxes)))


def test_a_page_of_thousands_of_scattered_marks_takes_no_long_time() -> None:
    boxes = [Box(37 * n % 1009, 91 * n % 1013, 37 * n % 1009 + 9, 91 * n % 1013 + 9) for n in range(3000)]
    assert sum(len(block) for block in reading_order(boxes)) == 3000
