import pytest

from retrieval.reading import Heading, Layout, Page, PlacedLine
from retrieval.types import Box, Place, Span

LAYOUT = Layout(
    pages=(Page(1, 100, 200), Page(2, 100, 200, recognised=True)),
    lines=(
        PlacedLine(Span(0, 10), 1, Box(10, 10, 60, 20)),
        PlacedLine(Span(10, 14), 1, Box(10, 22, 30, 32)),
        PlacedLine(Span(16, 26), 2, Box(80, 10, 90, 110)),
    ),
    headings=(Heading(Span(0, 10), 1),),
)


def test_the_boxes_of_a_quote_are_cut_to_its_characters() -> None:
    assert LAYOUT.places([Span(4, 12)]) == (Place(1, Box(30, 10, 60, 20)), Place(1, Box(10, 22, 20, 32)))
    assert LAYOUT.places([Span(14, 16)]) == ()
    assert LAYOUT.places([Span(21, 26), Span(0, 1)]) == (Place(2, Box(80, 60, 90, 110)), Place(1, Box(10, 10, 15, 20)))


def test_wide_characters_take_twice_the_room() -> None:
    layout = Layout(lines=(PlacedLine(Span(0, 6), 1, Box(0, 0, 80, 10)),))
    assert layout.places([Span(0, 2)], text="中文abcd") == (Place(1, Box(0, 0, 40, 10)),)


def test_the_pages_of_a_quote_are_named_once() -> None:
    assert LAYOUT.pages_of([Span(0, 26), Span(0, 2)]) == (1, 2)
    assert LAYOUT.pages_of([]) == ()


def test_a_layout_survives_packing() -> None:
    packed = LAYOUT.to_bytes()
    assert Layout.from_bytes(packed) == LAYOUT
    assert packed == LAYOUT.to_bytes()
    assert Layout.from_bytes(Layout().to_bytes()) == Layout()


def test_coordinates_are_kept_to_a_tenth() -> None:
    layout = Layout(lines=(PlacedLine(Span(0, 1), 1, Box(0.123, 1.06, 2, 3)),))
    assert Layout.from_bytes(layout.to_bytes()).lines[0].box == Box(0.1, 1.1, 2, 3)


def test_a_layout_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retrieval.reading.layout._VERSION", 2)
    packed = LAYOUT.to_bytes()
    monkeypatch.undo()
    with pytest.raises(ValueError, match=r"has version 2, this is 1; sync the file again"):
        Layout.from_bytes(packed)
