from dataclasses import dataclass
from typing import Any

from retrieval.types.documents import BlockKind, Document, DocumentInfo
from retrieval.types.spans import Span

__all__ = ["Examination", "Outline", "OutlineArticle", "OutlineBlock"]


@dataclass(frozen=True, slots=True)
class OutlineBlock:
    """A block of a document as it was understood.

    ``spans`` has several where a column's end has cut it; ``article`` is its article's position in the outline, None
    for what belongs to none; ``copy_of`` is the position of the block that says the same and was kept, if any.
    """

    kind: BlockKind
    spans: tuple[Span, ...]
    article: int | None = None
    copy_of: int | None = None


@dataclass(frozen=True, slots=True)
class OutlineArticle:
    """An article of a document; ``blocks`` are the positions of its blocks, in reading order."""

    headline: str
    byline: str
    place: str
    date: str
    period: str
    blocks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a document is made of, as a careful reader sees it; every non-blank character lies in one block."""

    document_id: str
    publication: str
    date: str
    weekday: str
    page: str
    section: str
    articles: tuple[OutlineArticle, ...]
    blocks: tuple[OutlineBlock, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the fields as JSON-ready values."""
        return {
            "document_id": self.document_id,
            "publication": self.publication,
            "date": self.date,
            "weekday": self.weekday,
            "page": self.page,
            "section": self.section,
            "articles": [
                {
                    "headline": article.headline,
                    "byline": article.byline,
                    "place": article.place,
                    "date": article.date,
                    "period": article.period,
                    "blocks": list(article.blocks),
                }
                for article in self.articles
            ],
            "blocks": [
                {
                    "kind": block.kind.value,
                    "spans": [[span.start, span.end] for span in block.spans],
                    "article": block.article,
                    "copy_of": block.copy_of,
                }
                for block in self.blocks
            ],
        }


@dataclass(frozen=True, slots=True)
class Examination:
    """What is understood of a file: its description, its text and what that is made of."""

    info: DocumentInfo
    document: Document
    outline: Outline
