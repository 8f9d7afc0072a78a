import pytest

from retrieval.segmenting.pages import read_page
from retrieval.types import BlockKind
from tests.retrieval.segmenting.measure import PageMeasures, measure_page, total
from tests.retrieval.segmenting.truth import MarkedPage, marked_pages

PAGES = marked_pages()
MEASURED = {page.name: measure_page(page) for page in PAGES}


def _of(*names: str) -> PageMeasures:
    return total([MEASURED[name] for name in names])


SEEDS = [page.name for page in PAGES if page.name.startswith("seed_")]
OTHERS = [page.name for page in PAGES if not page.name.startswith("seed_") and page.is_mended]
LATEST = [page.name for page in PAGES if not page.is_mended]
PROSE = ["novel_chapter", "novel_english", "french_prose", "essay_lines", "german_letter"]


def test_there_are_pages_to_measure() -> None:
    assert len(SEEDS) == 5
    assert len(OTHERS) >= 14


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_marks_are_of_the_page(page: MarkedPage) -> None:
    lines = page.text.split("\n")
    assert [lines[block.first - 1].strip()[:16] for block in page.blocks] == [block.begins for block in page.blocks]
    marked = {line for block in page.blocks for line in range(block.first, block.last + 1)}
    assert {number for number, line in enumerate(lines, 1) if line.strip("\ufeff \t\r\u3000")} <= marked


# The last fifty of the other pages were mended for kinds, joins and articles, not for places and papers' names.
@pytest.mark.parametrize(("names", "facts"), [(SEEDS, 0.95), (OTHERS, 0.91)], ids=["seeds", "other pages"])
def test_kinds_joins_and_articles_are_those_that_a_reader_marks(names: list[str], facts: float) -> None:
    measures = _of(*names)
    assert measures.kinds.precision >= 0.95, measures.kinds.errors
    assert measures.kinds.recall >= 0.95, measures.kinds.errors
    assert measures.joins.precision == 1.0, measures.joins.errors
    assert measures.joins.recall >= 0.9, measures.joins.errors
    assert measures.boundaries.precision >= 0.95, measures.boundaries.errors
    assert measures.boundaries.recall >= 0.95, measures.boundaries.errors
    assert measures.facts.recall >= facts, measures.facts.errors


def test_pages_that_only_taught_the_weights_are_read_nearly_as_well() -> None:
    measures = _of(*LATEST)
    assert len(LATEST) == 48
    assert min(measures.kinds.precision, measures.kinds.recall) >= 0.92, measures.kinds.errors
    assert measures.joins.precision >= 0.85, measures.joins.errors
    assert measures.joins.recall >= 0.75, measures.joins.errors
    assert measures.boundaries.precision >= 0.93, measures.boundaries.errors
    assert measures.boundaries.recall >= 0.85, measures.boundaries.errors
    assert measures.facts.recall >= 0.75, measures.facts.errors


@pytest.mark.parametrize("name", SEEDS)
def test_each_seed_holds_the_measure_by_itself(name: str) -> None:
    measures = MEASURED[name]
    assert measures.kinds.precision >= 0.95, measures.kinds.errors
    assert measures.kinds.recall >= 0.95, measures.kinds.errors
    assert measures.joins.precision == 1.0, measures.joins.errors
    assert measures.copies.precision == 1.0, measures.copies.errors
    assert measures.copies.recall == 1.0, measures.copies.errors


@pytest.mark.parametrize("name", PROSE)
def test_plain_prose_passes_unharmed(name: str) -> None:
    measures = MEASURED[name]
    assert measures.kinds.errors == ()
    assert measures.joins.errors == ()


def test_context_tells_period_people_section_and_weekday() -> None:
    text = next(page.text for page in PAGES if page.name == "seed_001")
    page = read_page(text)
    assert (page.imprint.section, page.imprint.weekday, page.imprint.date) == ("政法周刊", "星期三", "2024-03-06")
    periods = {article.headline: article.period for article in page.articles if article.headline}
    assert periods["以政法工作现代化护航高质量发展大局"] == "2023"
    named = [entry.context.people for entry in read_page(_text("seed_000")).entries if entry.context.people]
    assert ("曹慧泉（市委书记）", "陈恢清（市委副书记、市长）", "胡长春（市委副书记、市委政法委书记）") in named


def test_a_page_without_a_date_reports_on_the_year_that_its_text_gives() -> None:
    page = read_page(_text("seed_000"))
    assert page.imprint.date == ""
    assert {article.period for article in page.articles} == {"2022"}


def test_headings_are_nested_as_they_stand() -> None:
    contexts = {entry.context.headings for entry in read_page(_text("seed_002")).entries}
    assert (
        "——市委政法委扎实推进新时代政法工作综述",
        "关键词 3",
        "市域社会治理现代化",
        "幸福筑基“手牵手” 构建治理新格局",
    ) in contexts


def test_a_pull_quote_is_told_from_a_heading() -> None:
    kinds = {
        entry.parts[0].kind: _text("english_paper")[entry.parts[0].span.start : entry.parts[0].span.end]
        for entry in read_page(_text("english_paper")).entries
    }
    assert kinds[BlockKind.PULL_QUOTE] == '"Nobody could tell us why"'


def _text(name: str) -> str:
    return next(page.text for page in PAGES if page.name == name)
