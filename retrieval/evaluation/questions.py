import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import EvaluationFileError
from retrieval.types import Turn

__all__ = ["UNANSWERABLE", "ArchiveQuestion", "load_questions"]

UNANSWERABLE = "unanswerable"
"""The kind of the questions that the archive does not answer."""


@dataclass(frozen=True, slots=True)
class ArchiveQuestion:
    """A question for an archive and what a right answer shows.

    ``sources`` are beginnings of file names; a right quote holds one of ``quotes`` and comes from one of these files.
    A right highlight holds one of ``answers``.
    """

    id: str
    lang: str
    kind: str
    question: str
    history: tuple[Turn, ...] = ()
    sources: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    split: str = ""

    @property
    def answerable(self) -> bool:
        """Say whether the archive holds an answer."""
        return self.kind != UNANSWERABLE


def load_questions(path: str | os.PathLike[str], split: str | None = None) -> tuple[ArchiveQuestion, ...]:
    """Read a file of questions, one JSON object a line; empty lines and unknown fields are passed over.

    :param path: the file; it must be UTF-8.
    :param split: take only the lines whose ``split`` is this.
    :return: the questions in file order.
    :raises EvaluationFileError: if the file cannot be read, a line has another layout, an id stands twice, or no
        question is left.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationFileError(f"{path}: the file cannot be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise EvaluationFileError(f"{path}: byte {error.start} is not UTF-8. Convert the file to UTF-8.") from error
    questions: dict[str, ArchiveQuestion] = {}
    # Not splitlines: a JSON text may hold other line separators, such as U+2028.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            question = _parse(line, f"{path}, line {number}")
            if question.id in questions:
                raise EvaluationFileError(f"{path}, line {number}: the id '{question.id}' stands twice. Rename one.")
            questions[question.id] = question
    chosen = tuple(question for question in questions.values() if split is None or question.split == split)
    if not chosen:
        splits = ", ".join(sorted({question.split for question in questions.values() if question.split})) or "none"
        if split is not None and questions:
            raise EvaluationFileError(
                f"{path}: no question is of the split '{split}' (splits: {splits}). Name one of these."
            )
        raise EvaluationFileError(f"{path}: the file holds no question. Give a file with questions.")
    return chosen


def _parse(line: str, where: str) -> ArchiveQuestion:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvaluationFileError(f"{where}: the line is not JSON: {error}. Write one object a line.") from error
    if not isinstance(value, dict):
        raise EvaluationFileError(f"{where}: the line is not a JSON object. Write one object a line.")
    source = value.get("source", [])
    question = ArchiveQuestion(
        id=_text(value, "id", where),
        lang=_text(value, "lang", where),
        kind=_text(value, "kind", where),
        question=_text(value, "question", where),
        history=_history(value.get("history", []), where),
        sources=(source,) if isinstance(source, str) else _texts(source, "source", where),
        quotes=_texts(value.get("quotes", []), "quotes", where),
        answers=_texts(value.get("answers", []), "answers", where),
        split=_text(value, "split", where) if "split" in value else "",
    )
    if question.answerable and not (question.quotes and any(question.sources)):
        raise EvaluationFileError(
            f"{where}: 'quotes' or 'source' is empty. Name them, or make the kind '{UNANSWERABLE}'."
        )
    if not question.answerable and question.quotes:
        raise EvaluationFileError(f"{where}: the kind is '{UNANSWERABLE}', but there are 'quotes'. Take one away.")
    return question


def _text(value: dict[str, Any], key: str, where: str) -> str:
    text = value.get(key)
    if not isinstance(text, str) or not text.strip():
        raise EvaluationFileError(f"{where}: '{key}' is not a text, or is empty: {text!r}. Give it a text.")
    return text


def _texts(value: Any, key: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise EvaluationFileError(f"{where}: '{key}' is not a list of texts: {value!r}. Give it a list.")
    return tuple(value)


def _history(value: Any, where: str) -> tuple[Turn, ...]:
    if not isinstance(value, list):
        raise EvaluationFileError(f"{where}: 'history' is not a list: {value!r}. Give it a list of turns.")
    return tuple(_turn(item, where) for item in value)


def _turn(item: Any, where: str) -> Turn:
    if isinstance(item, dict):
        question, answer = item.get("question"), item.get("answer", "")
    elif isinstance(item, list) and len(item) == 2:
        question, answer = item
    else:
        question = answer = None
    if not isinstance(question, str) or not isinstance(answer, str):
        raise EvaluationFileError(
            f'{where}: this is no turn of a \'history\': {item!r}. Write {{"question", "answer"}} or a pair of texts.'
        )
    return Turn(question, answer)
