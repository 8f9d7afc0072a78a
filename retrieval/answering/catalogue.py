import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from retrieval.answering.pages import headlines
from retrieval.answering.quoting import quote_passage
from retrieval.answering.tables import tongue_of
from retrieval.answering.telling import names_in, names_told, told_by, whole_text
from retrieval.index import Snapshot
from retrieval.language.dictionary import Translation
from retrieval.language.folding import fold
from retrieval.language.pinyin import Pinyin
from retrieval.search import Candidate, Findings, Query
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.search.features import FEATURES
from retrieval.types import BlockKind, Passage, Quote

__all__ = ["Catalogue", "CatalogueRequest", "Listing", "catalogue_request", "catalogue_subject"]

# A question about contents is short, and most are not.
_LONGEST = 90
# How much of a subject an article's passage must say.
_MOST = 0.7
_PLACE_DIFFERS, _PLACE_SAID = FEATURES.index("place_differs"), FEATURES.index("place_said")
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
    folded = _stripped(question)
    for table in _tables(folded, language):
        for pattern in table["entries"]:
            found = re.fullmatch(pattern, folded)
            if found:
                articles = "articles" in found.groupdict() and found["articles"]
                return CatalogueRequest.ARTICLES if articles else CatalogueRequest.DOCUMENTS
        for request in (CatalogueRequest.NEWEST, CatalogueRequest.OLDEST):
            if any(re.fullmatch(pattern, folded) for pattern in table[request.value]):
                return request
    return None


def catalogue_subject(question: str, language: str) -> str:
    """Give what a question wants to see the articles about, in its own letters; empty for all other questions."""
    folded = _stripped(question)
    found = (re.fullmatch(pattern, folded) for table in _tables(folded, language) for pattern in table["about"])
    match = next(filter(None, found), None)
    if match is None:
        return ""
    begins = _folded(question).index(folded)
    return question[begins + match.start("about") : begins + match.end("about")].strip()


def _stripped(question: str) -> str:
    return _POLITE.sub("", _folded(question).strip(_ENDS))


def _folded(question: str) -> str:
    """Fold a question; every character keeps its place."""
    return fold(question).replace("’", "'")


def _tables(folded: str, language: str) -> list[Mapping[str, list[str]]]:
    """Give the patterns of the languages that a folded question may be in; none for a long one."""
    if len(folded) > _LONGEST:
        return []
    tongue = tongue_of(folded, language)
    spoken = (tongue, "zh") if tongue == "ja" else ("en", "de", "fr", "es") if tongue in "en de fr es" else (tongue,)
    return [_patterns()[each] for each in spoken]


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

    def about(self, findings: Findings, pinyin: Pinyin, top: int) -> Listing:
        """Quote the headlines of the first ``top`` articles that tell of what was searched for, and count them all."""
        found: dict[tuple[str, str], Passage] = {}
        names = names_in(findings.query.text, pinyin, [candidate.passage for candidate in findings.candidates])
        for candidate in findings.candidates:
            passage = candidate.passage
            article = (passage.document_id, passage.context.article)
            if article[1] and article not in found and _tells_of(findings, candidate, names, pinyin):
                title = next((p for p in headlines(self.snapshot, article[0]) if p.context.article == article[1]), None)
                found |= {article: title} if title is not None else {}
        return Listing(tuple(self._plain(title) for title in list(found.values())[:top]), len(found))

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


def _tells_of(findings: Findings, candidate: Candidate, names: Sequence[Translation], pinyin: Pinyin) -> bool:
    """Tell whether a passage or its context says most of what was searched for, in its words, near ones or by sound."""
    features = candidate.features.max(axis=0)
    if features[_PLACE_DIFFERS] and not features[_PLACE_SAID]:
        return False
    text = whole_text(candidate.passage)
    told = told_by(findings.terms, fold(text))
    named, said = names_told(names, text, pinyin)
    return max(told.words, told.related, said) >= _MOST and (not named or said > 0)
