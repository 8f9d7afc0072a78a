"""Small documents, what a quote must be, and how to write files for an archive."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from retrieval import Answer, Archive, Quote, Span

__all__ = [
    "COURT",
    "LIBRARY",
    "RIVER",
    "assert_stands",
    "given_quotes",
    "highlighted",
    "rounded",
    "sources",
    "write_files",
]

COURT = "株洲日报 2021年11月22日\n\n炎陵县去年调解纠纷312件。\n调解成功率达到99.3%，比前年提高两个百分点。\n"
LIBRARY = "The library of the town opens at nine o'clock.\nIt lends 4,000 books a year to 512 readers.\n"
RIVER = "渌江全长一百六十六公里。\n河水在夏天最高，渡口因此关闭。\n"


def write_files(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write texts, line ends as they are, into a folder that then has these files and no others."""
    folder.mkdir(exist_ok=True)
    for file in folder.iterdir():
        if file.name not in texts:
            file.unlink()
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    return folder


def sources(archive: Archive) -> list[str]:
    """List the sources of what the archive holds, in their order."""
    return [info.source for info in archive.documents()]


def given_quotes(answer: Answer) -> tuple[Quote, ...]:
    """Give what the answer shows, whether it is sure of it or not."""
    return answer.quotes or answer.near_misses


def rounded(answer: Answer) -> Answer:
    """Round an answer's numbers to what does not depend on how many texts were encoded in one go, on any processor."""

    def told(quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        return tuple(replace(quote, score=round(quote.score, 3)) for quote in quotes)

    return replace(
        answer,
        quotes=told(answer.quotes),
        near_misses=told(answer.near_misses),
        probability=round(answer.probability, 3),
    )


def assert_stands(quote: Quote, text: str) -> None:
    """Show that a quote is right by the text of its source, which was read without this project."""
    assert quote.text == _at(text, quote.spans)
    assert 0 < len(quote.text) <= 400
    assert quote.text.strip()
    first, last = min(span.start for span in quote.spans), max(span.end for span in quote.spans)
    assert quote.lines == (text[:first].count("\n") + 1, text[: last - 1].count("\n") + 1)
    for highlight in quote.highlights:
        assert any(span.start <= highlight.start and highlight.end <= span.end for span in quote.spans)
    segments = quote.segments()
    assert "".join(segment.text for segment in segments) == quote.text
    assert "".join(segment.text for segment in segments if segment.highlighted) == _at(text, quote.highlights)


def _at(text: str, spans: tuple[Span, ...]) -> str:
    return "".join(text[span.start : span.end] for span in spans)


def highlighted(quote: Quote) -> str:
    """Give the words of a quote that are marked."""
    return "".join(segment.text for segment in quote.segments() if segment.highlighted)
