import os
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.archive import Archive
from retrieval.errors import EvaluationFileError, QuestionError
from retrieval.evaluation.metrics import ndcg_at, recall_at, reciprocal_rank_at
from retrieval.evaluation.squad import SquadParagraph, load_squad
from retrieval.types import BackendChoice, ProgressCallback

__all__ = ["RetrievalFigures", "evaluate_retrieval"]

_DEPTH = 10
# Several passages may come from one paragraph, so more are asked for than paragraphs are wanted.
_PASSAGES = 50


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """How well questions find the paragraph that they were asked of; ``seconds`` for indexing and searching."""

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr_at_10: float
    ndcg_at_10: float
    questions: int
    seconds: float

    def to_dict(self) -> dict[str, float | int]:
        """Give the figures under the names that the public interface lays down."""
        return {
            "recall@1": self.recall_at_1,
            "recall@5": self.recall_at_5,
            "recall@10": self.recall_at_10,
            "mrr@10": self.mrr_at_10,
            "ndcg@10": self.ndcg_at_10,
            "questions": self.questions,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """A question and the name of the document that it must find."""

    id: str
    question: str
    source: str


def evaluate_retrieval(
    corpus: str | os.PathLike[str],
    questions: str | os.PathLike[str] | None = None,
    *,
    encoder: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
    backend: BackendChoice | None = None,
) -> RetrievalFigures:
    """Measure the search on files in SQuAD's layout, through an archive made for the purpose.

    Each paragraph of ``corpus`` is a document; a document ranks where its best passage does. Paragraphs with the same
    text are one document.

    :param corpus: the file whose paragraphs are searched.
    :param questions: the file whose questions are asked, of the same paragraphs in the same order, perhaps in another
        language; by default ``corpus``.
    :param encoder: the encoder's name as ``Archive.open`` takes it.
    :param cache: the folder of the unpacked encoder and dictionary, as ``Archive.open`` takes it.
    :param progress: told about the documents indexed and then about the questions asked.
    :param backend: where the archive made for the purpose is searched, as ``Archive.open`` takes it.
    :return: the figures.
    :raises EvaluationFileError: if a file has another layout, the paragraph counts differ, there is no question, or a
        paragraph or question is refused by the archive.
    """
    paragraphs = load_squad(corpus)
    asked = load_squad(questions) if questions is not None else paragraphs
    if len(asked) != len(paragraphs):
        raise EvaluationFileError(
            f"{questions}: {len(asked)} paragraphs, but {corpus} has {len(paragraphs)}. "
            "Questions are matched to paragraphs by position: give two files with the same paragraphs."
        )
    names = _names(paragraphs)
    cases = [
        _Case(question.id, question.text, names[paragraph.text])
        for paragraph, asker in zip(paragraphs, asked, strict=True)
        for question in asker.questions
    ]
    if not cases:
        raise EvaluationFileError(f"{questions or corpus}: the file holds no question. Give a file with questions.")
    started = time.perf_counter()
    with TemporaryDirectory(prefix="wenju-evaluation-") as folder:
        texts = Path(folder, "texts")
        texts.mkdir()
        for text, name in names.items():
            (texts / name).write_bytes(text.encode())
        with Archive.open(
            Path(folder, "archive"), create=True, encoder=encoder, cache=cache, backend=backend
        ) as archive:
            failures = archive.sync([texts], progress=progress).failures
            if failures:
                raise EvaluationFileError(f"{corpus}: paragraph {failures[0].source} was refused: {failures[0].reason}")
            ranks = _ranks(archive, cases, progress)
    return RetrievalFigures(
        recall_at_1=recall_at(ranks, 1),
        recall_at_5=recall_at(ranks, 5),
        recall_at_10=recall_at(ranks, _DEPTH),
        mrr_at_10=reciprocal_rank_at(ranks, _DEPTH),
        ndcg_at_10=ndcg_at(ranks, _DEPTH),
        questions=len(cases),
        seconds=time.perf_counter() - started,
    )


def _names(paragraphs: tuple[SquadParagraph, ...]) -> dict[str, str]:
    """Give each different text a file name, counted in file order."""
    texts = dict.fromkeys(paragraph.text for paragraph in paragraphs)
    return {text: f"{number:05d}.txt" for number, text in enumerate(texts)}


def _ranks(archive: Archive, cases: list[_Case], progress: ProgressCallback | None) -> list[int | None]:
    ranks = []
    for done, case in enumerate(cases, start=1):
        try:
            ranks.append(_rank(archive, case))
        except QuestionError as error:
            raise EvaluationFileError(f"question {case.id} cannot be asked: {error}") from error
        if progress is not None:
            progress(done, len(cases), case.id)
    return ranks


def _rank(archive: Archive, case: _Case) -> int | None:
    """Give the rank of the case's document among the first ten documents or more, or None."""
    top = _PASSAGES
    while True:
        hits = archive.search(case.question, top)
        sources = list(dict.fromkeys(hit.source for hit in hits))
        if case.source in sources:
            return sources.index(case.source) + 1
        if len(sources) >= _DEPTH or len(hits) < top:
            return None
        top *= 2
