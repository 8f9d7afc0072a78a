import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from bot.wording import Messages
from retrieval.archive import Archive
from retrieval.errors import UnknownDocumentError
from retrieval.types import AnswerStatus, BlockKind, Document, Outline, OutlineArticle, Quote, Span

__all__ = ["ExampleBook"]

_SHOWN = 4
_DOCUMENTS = 8
_FIGURES_A_DOCUMENT = 3
_ASKED = 12
_MAX_HEADLINE = 40
# A measure's name between a mark and its figure: ，调解成功率99% or 。受理案件数为24328件
_FIGURE = re.compile(
    r"(?:^|[，。；：、,;:!？！“”\s])(?:其中)?(?P<what>[\u4e00-\u9fff]{2,8}(?:[率数量额值]|面积|人口))"
    r"(?:(?:达|为|是|约|共)到?)?(?P<figure>\d[\d.,]*)"
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, and where the words that answer it stand."""

    question: str
    document_id: str
    span: Span


class ExampleBook:
    """Questions that an archive answers, made from its own documents, for those who do not know what to ask.

    Each is asked before it is shown, and left out when its answer is not the words that it was made from. They are made
    once for each state of the archive and language. Safe for threads.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._kept: dict[tuple[int, str], tuple[str, ...]] = {}

    def examples(self, archive: Archive, wording: Messages) -> tuple[str, ...]:
        """Give a few questions, from different documents as far as there are such; none for an empty archive.

        :raises ArchiveError: if the archive cannot be used.
        """
        info = archive.info()
        if not info.passages:
            return ()
        key = (info.generation, wording.language)
        with self._lock:
            if key not in self._kept:
                self._kept = {each: kept for each, kept in self._kept.items() if each[0] == info.generation}
                self._kept[key] = _answered(archive, wording)
            return self._kept[key]


def _answered(archive: Archive, wording: Messages) -> tuple[str, ...]:
    found: list[str] = []
    documents = _spread(archive)
    questions = _in_turn([list(_questions(archive, each, wording)) for each in documents])
    headlines = _in_turn([list(_headlines(archive, each)) for each in documents])
    for candidate in islice(chain(questions, headlines), _ASKED):
        if len(found) == _SHOWN:
            break
        if candidate.question in found:
            continue
        answer = archive.ask(candidate.question, top=1)
        if answer.status is AnswerStatus.ANSWERED and _holds(answer.quotes[0], candidate):
            found.append(candidate.question)
    return tuple(found)


def _holds(quote: Quote, candidate: _Candidate) -> bool:
    return quote.document_id == candidate.document_id and any(
        span.start <= candidate.span.start and candidate.span.end <= span.end for span in quote.spans
    )


def _spread(archive: Archive) -> list[str]:
    """Choose documents from all over the archive, the same ones each time."""
    ids = [info.id for info in archive.documents()]
    step = max(1, len(ids) // _DOCUMENTS)
    return ids[::step][:_DOCUMENTS]


def _in_turn(lists: list[list[_Candidate]]) -> Iterator[_Candidate]:
    for position in range(max(map(len, lists), default=0)):
        for candidates in lists:
            if position < len(candidates):
                yield candidates[position]


def _questions(archive: Archive, document_id: str, wording: Messages) -> Iterator[_Candidate]:
    for document, outline in _read(archive, document_id):
        yield from _figures(document, outline, wording)
        for article in outline.articles:
            byline = _first(outline, article, BlockKind.BYLINE)
            if byline is not None and 0 < len(article.headline) <= _MAX_HEADLINE:
                question = wording.text("web_example_author", headline=article.headline)
                yield _Candidate(question, document.id, byline)


def _headlines(archive: Archive, document_id: str) -> Iterator[_Candidate]:
    """Turn headlines into searches, for documents that hold nothing that a question is made from."""
    for document, outline in _read(archive, document_id):
        for article in outline.articles:
            headline = _first(outline, article, BlockKind.HEADLINE)
            if headline is not None and 0 < len(article.headline) <= _MAX_HEADLINE:
                yield _Candidate(article.headline, document.id, headline)


def _read(archive: Archive, document_id: str) -> Iterator[tuple[Document, Outline]]:
    try:
        yield archive.document(document_id), archive.outline(document_id)
    except UnknownDocumentError:  # removed since it was listed
        return


def _first(outline: Outline, article: OutlineArticle, kind: BlockKind) -> Span | None:
    return next((outline.blocks[at].spans[0] for at in article.blocks if outline.blocks[at].kind is kind), None)


def _figures(document: Document, outline: Outline, wording: Messages) -> Iterator[_Candidate]:
    made = 0
    for block in outline.blocks:
        if block.kind is not BlockKind.PARAGRAPH or block.article is None or block.copy_of is not None:
            continue
        place = outline.articles[block.article].place
        for span in block.spans if place else ():
            for match in _FIGURE.finditer(document.text, span.start, span.end):
                question = wording.text("web_example_figure", place=place, what=match["what"])
                yield _Candidate(question, document.id, Span(match.start("figure"), match.end("figure")))
                made += 1
                if made == _FIGURES_A_DOCUMENT:
                    return
