# ruff: noqa: ARG002  (the parameters are the library's, whether or not this one needs them)
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from retrieval.types import (
    Answer,
    AnswerStatus,
    ArchiveInfo,
    Context,
    Document,
    DocumentInfo,
    Filters,
    Hit,
    Outline,
    PageSize,
    Place,
    Quote,
    Span,
    SyncReport,
    Turn,
)

__all__ = ["OneText"]


@dataclass(slots=True)
class OneText:
    """A library of one text, which it answers every question with; or it fails, if it is given an error.

    For what the real archive cannot be made to do at will: fail, be slow, answer at length. ``before`` is called with
    each question.
    """

    text: str = "一。"
    error: Exception | None = None
    before: Callable[[str], None] | None = None
    questions: list[str] = field(default_factory=list)
    histories: list[tuple[Turn, ...]] = field(default_factory=list)

    def ask(
        self, question: str, history: Sequence[Turn] = (), top: int = 3, *, filters: Filters | None = None
    ) -> Answer:
        self.questions.append(question)
        self.histories.append(tuple(history))
        if self.before is not None:
            self.before(question)
        if self.error is not None:
            raise self.error
        quote = Quote(self.text, "a.txt", "1", (Span(0, len(self.text)),), (1, 1), (), 1.0, Context())
        return Answer(AnswerStatus.ANSWERED, question, "zh", (quote,) * top)

    def search(self, query: str, top: int = 10, *, filters: Filters | None = None) -> list[Hit]:
        raise self.error or NotImplementedError

    def documents(self) -> list[DocumentInfo]:
        return []

    def document(self, document_id: str) -> Document:
        raise self.error or NotImplementedError

    def info(self) -> ArchiveInfo:
        raise self.error or NotImplementedError

    def outline(self, document_id: str) -> Outline:
        raise self.error or NotImplementedError

    def around(self, document_id: str, spans: Sequence[Span], characters: int) -> Quote:
        raise self.error or NotImplementedError

    def places(self, document_id: str, spans: Sequence[Span]) -> list[Place]:
        return []

    def page_sizes(self, document_id: str) -> list[PageSize]:
        return []

    def page_picture(self, document_id: str, number: int, width: int = 1200) -> bytes:
        raise self.error or NotImplementedError

    def add(self, name: str, data: bytes) -> SyncReport:
        raise self.error or NotImplementedError

    def remove(self, document_id: str) -> None:
        raise self.error or NotImplementedError
