import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from retrieval.archive import Archive
from retrieval.errors import EvaluationFileError, QuestionError
from retrieval.evaluation.judging import MAX_QUOTE_CHARACTERS
from retrieval.evaluation.metrics import character_f1
from retrieval.evaluation.squad import SquadQuestion, load_squad
from retrieval.types import ProgressCallback

__all__ = ["ReadingFigures", "evaluate_reading"]


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """How well quotes answer the questions of reading sets; shares are of all questions, refused ones included.

    ``quote_at_1`` and ``quote_at_3`` say how often the first quote, or one of the first three, holds a right answer,
    ``highlight_f1`` how many characters the first quote's highlights share with the right answer that they fit best,
    ``false_refusals`` how often none was given, ``mean_quote_characters`` how long the first quotes are.
    """

    quote_at_1: float
    quote_at_3: float
    highlight_f1: float
    false_refusals: float
    mean_quote_characters: float
    longest_quote_characters: int
    questions: int
    documents: int

    def to_dict(self) -> dict[str, float | int]:
        """Give the figures under the names of the public interface."""
        return {
            "quote@1": self.quote_at_1,
            "quote@3": self.quote_at_3,
            "highlight_f1": self.highlight_f1,
            "false_refusals": self.false_refusals,
            "mean_quote_characters": self.mean_quote_characters,
            "longest_quote_characters": self.longest_quote_characters,
            "questions": self.questions,
            "documents": self.documents,
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    rank: int | None
    f1: float
    length: int | None


def evaluate_reading(
    corpora: Sequence[str | os.PathLike[str]],
    *,
    every: int = 1,
    encoder: str | None = None,
    cache: str | os.PathLike[str] | None = None,
    progress: ProgressCallback | None = None,
) -> ReadingFigures:
    """Measure quotes and highlights on files in SQuAD's layout, over one archive of all their paragraphs.

    A quote is right when it holds one of the question's answers and has no more than ``MAX_QUOTE_CHARACTERS``.

    :param every: ask only each so-many-th question, for a quick look.
    :param encoder: the encoder's name as ``Archive.open`` takes it.
    :param cache: the folder of the unpacked encoder and dictionary, as ``Archive.open`` takes it.
    :param progress: told about the documents indexed and then about the questions asked.
    :raises EvaluationFileError: if a file has another layout, no question has an answer, or a paragraph or question
        is refused by the archive.
    """
    paragraphs = [paragraph for corpus in corpora for paragraph in load_squad(corpus)]
    texts = dict.fromkeys(paragraph.text for paragraph in paragraphs)
    questions = [question for paragraph in paragraphs for question in paragraph.questions if question.answers][::every]
    if not questions:
        names = ", ".join(map(str, corpora))
        raise EvaluationFileError(f"{names}: no question has an answer. Give a file with answers.")
    with TemporaryDirectory(prefix="wenju-evaluation-") as folder:
        sources = Path(folder, "texts")
        sources.mkdir()
        for number, text in enumerate(texts):
            (sources / f"{number:05d}.txt").write_bytes(text.encode())
        with Archive.open(Path(folder, "archive"), create=True, encoder=encoder, cache=cache) as archive:
            failures = archive.sync([sources], progress=progress).failures
            if failures:
                raise EvaluationFileError(f"paragraph {failures[0].source} was refused: {failures[0].reason}")
            outcomes = []
            for done, question in enumerate(questions, start=1):
                outcomes.append(_ask(archive, question))
                if progress is not None:
                    progress(done, len(questions), question.id)
    return _figures(outcomes, len(texts))


def _ask(archive: Archive, question: SquadQuestion) -> _Outcome:
    try:
        quotes = archive.ask(question.text, top=3).quotes
    except QuestionError as error:
        raise EvaluationFileError(f"question {question.id} cannot be asked: {error}") from error
    if not quotes:
        return _Outcome(None, 0.0, None)
    marked = "".join(segment.text for segment in quotes[0].segments() if segment.highlighted)
    right = (
        rank
        for rank, quote in enumerate(quotes, start=1)
        if len(quote.text) <= MAX_QUOTE_CHARACTERS and any(answer in quote.text for answer in question.answers)
    )
    f1 = max(character_f1(marked, answer) for answer in question.answers)
    return _Outcome(next(right, None), f1, len(quotes[0].text))


def _figures(outcomes: Sequence[_Outcome], documents: int) -> ReadingFigures:
    count = len(outcomes)
    lengths = [outcome.length for outcome in outcomes if outcome.length is not None]
    return ReadingFigures(
        quote_at_1=sum(outcome.rank == 1 for outcome in outcomes) / count,
        quote_at_3=sum(outcome.rank is not None for outcome in outcomes) / count,
        highlight_f1=math.fsum(outcome.f1 for outcome in outcomes) / count,
        false_refusals=sum(outcome.length is None for outcome in outcomes) / count,
        mean_quote_characters=math.fsum(lengths) / len(lengths) if lengths else 0.0,
        longest_quote_characters=max(lengths, default=0),
        questions=count,
        documents=documents,
    )
