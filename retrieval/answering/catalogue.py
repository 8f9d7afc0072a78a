import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from retrieval.answering.pages import headlines
from retrieval.answering.quoting import quote_passage
from retrieval.answering.tables import tongue_of
from retrieval.index import Snapshot
from retrieval.language.folding import fold
from retrieval.search import Query
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.types import BlockKind, Passage, Quote

__all__ = ["Catalogue", "CatalogueRequest", "Listing", "catalogue_request"]

_ENDS = " \t\n?？.。!！~～…¿¡"
_POLITE = re.compile(r"^(?:请问|请|那么?|你好[,，]?|please |and )+")


class CatalogueRequest(StrEnum):
    """What a question about the archive itself wants to be shown."""

    ARTICLES = "articles"
    DOCUMENTS = "documents"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Listing:
    """The first entries of a list of the archive's contents, as quotes, and how many there are."""

    quotes: tuple[Quote, ...]
    total: int


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, Mapping[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = json.loads(
        files("retrieval.answering").joinpath("catalogue.json").read_text(encoding="utf-8")
    )
    return data


def catalogue_request(question: str, language: str) -> CatalogueRequest | None:
    """Tell whether a question is about what the archive holds, and what of it; None for all other questions."""
    folded = fold(question).strip(_ENDS).replace("’", "'")
    folded = _POLITE.sub("", folded)
    # A question about contents is short, and most are not.
    if len(folded) > 90:
        return None
    tongue = tongue_of(folded, language)
    for spoken in (
        (tongue, "zh") if tongue == "ja" else ("en", "de", "fr", "es") if tongue in "en de fr es" else (tongue,)
    ):
        table = _patterns()[spoken]
        for pattern in table["entries"]:
            found = re.fullmatch(pattern, folded)
            if found:
                articles = "articles" in found.groupdict() and found["articles"]
                return CatalogueRequest.ARTICLES if articles else CatalogueRequest.DOCUMENTS
        for request in (CatalogueRequest.NEWEST, CatalogueRequest.OLDEST):
            if any(re.fullmatch(pattern, folded) for pattern in table[request.value]):
                return request
    return None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What one state of an archive holds: its documents and articles by their headlines."""

    snapshot: Snapshot

    def listing(self, request: CatalogueRequest, query: Query, top: int) -> Listing:
        """Quote the first ``top`` entries that were asked for, and count them all.

        :param query: the question, for the words to highlight.
        """
        if request is CatalogueRequest.ARTICLES:
            return self._articles(top)
        documents = self.snapshot.documents()
        if request is CatalogueRequest.DOCUMENTS:
            titles = [self._title(document.id) for document in documents[:top]]
            return Listing(tuple(self._plain(title) for title in titles if title is not None), len(documents))
        dates = sorted({document.date for document in documents if document.date})
        if not dates:
            return Listing((), 0)
        day = dates[-1] if request is CatalogueRequest.NEWEST else dates[0]
        chosen = [document.id for document in documents if document.date == day]
        dated = replace(query, expected=AnswerKind.DATE)
        quotes = [quote for document_id in chosen for quote in self._issue(dated, document_id)]
        return Listing(tuple(quotes[:top]), 0)

    def _articles(self, top: int) -> Listing:
        quotes: list[Quote] = []
        total = 0
        for document in self.snapshot.documents():
            passages = list(headlines(self.snapshot, document.id))
            total += len(passages)
            quotes += [self._plain(passage) for passage in passages[: max(top - len(quotes), 0)]]
        return Listing(tuple(quotes), total)

    def _title(self, document_id: str) -> Passage | None:
        """Give a document's first headline, or its first words when it has none."""
        numbers = self.snapshot.passage_ids(document_id, frozenset(BlockKind))
        return next(headlines(self.snapshot, document_id), self.snapshot.passage(numbers[0]) if numbers else None)

    def _issue(self, query: Query, document_id: str) -> Iterator[Quote]:
        for number in self.snapshot.passage_ids(document_id, frozenset((BlockKind.IMPRINT,))):
            passage = self.snapshot.passage(number)
            if find_answers(AnswerKind.DATE, passage.text):
                yield quote_passage(query, passage, self.snapshot, 1.0)
                break
        title = self._title(document_id)
        if title is not None:
            yield self._plain(title)

    def _plain(self, passage: Passage) -> Quote:
        return quote_passage(None, passage, self.snapshot, 1.0)
