import pytest

from retrieval.segmenting import iter_passages, outline, segment, stretches
from retrieval.segmenting.stretches import stretches as cut
from retrieval.types import Document

PAGE = (
    "河东日报  2021年3月{day:02}日 星期三 第2版\n\n河东县修好{day}座桥\n\n"
    "本报讯（记者 李明）3月{day}日，河东县修好{day}座桥。\n\n"
)


def _document(text: str) -> Document:
    return Document(id="x", source="x.txt", text=text, encoding="utf-8", revision="r")


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "_MAX_STRETCH", 200)
    monkeypatch.setattr(stretches, "_MIN_STRETCH", 100)


@pytest.mark.usefixtures("short_stretches")
def test_a_long_text_is_cut_where_pages_begin_and_keeps_its_offsets() -> None:
    text = "".join(PAGE.format(day=day) for day in range(1, 29))
    spans = list(cut(text))
    assert len(spans) > 5
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(text[span.start :].startswith("河东日报") for span in spans)
    passages = segment(_document(text))
    assert passages == list(iter_passages(_document(text)))
    assert all(p.text == "".join(text[s.start : s.end] for s in p.spans) for p in passages)
    assert [p.context.article for p in passages if p.text.startswith("本报讯")] == [
        f"河东县修好{day}座桥" for day in range(1, 29)
    ]
    assert sum(not character.isspace() for p in passages for character in p.text) == len("".join(text.split()))


@pytest.mark.usefixtures("short_stretches")
def test_the_stretches_of_a_book_have_its_title_and_an_outline_its_blocks() -> None:
    chapters = "".join(f"第{number}章 路\n\n他走了第{number}天，天黑了。\n\n" * 3 for number in range(1, 30))
    text = f"远行记\n\n{chapters}"
    assert {p.context.title for p in segment(_document(text))} == {"远行记"}
    found = outline(_document(text))
    starts = [block.spans[0].start for block in found.blocks]
    assert starts == sorted(starts)
    assert all(found.blocks[index].article == number for number, a in enumerate(found.articles) for index in a.blocks)
    assert all(text[s.start : s.end].strip() for block in found.blocks for s in block.spans)


@pytest.mark.parametrize("text", ["字" * 5000, "一句话。" * 1200, " " * 5000 + "完", "a\r\n\r\nb\r\n" * 700])
@pytest.mark.usefixtures("short_stretches")
def test_any_text_is_cut_without_loss(text: str) -> None:
    assert "".join(text[span.start : span.end] for span in cut(text)) == text
    passages = segment(_document(text))
    assert "".join("".join(p.text.split()) for p in passages) == "".join(text.split())


def test_a_text_of_usual_length_is_one_stretch() -> None:
    assert [(s.start, s.end) for s in cut("第一段。\n\n" * 1000)] == [(0, 6000)]
