import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrieval.errors import EvaluationFileError

__all__ = ["SquadParagraph", "SquadQuestion", "load_squad"]

_LAYOUT = "SQuAD's layout is data[].paragraphs[]{context, qas[]{id, question, answers[]}}."


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question asked of one paragraph, its answers, and where in it they begin, as the file says."""

    id: str
    text: str
    starts: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SquadParagraph:
    """A paragraph and the questions asked of it."""

    text: str
    questions: tuple[SquadQuestion, ...]


def load_squad(path: str | os.PathLike[str]) -> tuple[SquadParagraph, ...]:
    """Read a question file in SQuAD's JSON layout.

    :param path: the file; it must be UTF-8.
    :return: the paragraphs in file order.
    :raises EvaluationFileError: if the file cannot be read or has another layout.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise EvaluationFileError(f"{path}: the file cannot be read: {error.strerror}. Check the path.") from error
    except (ValueError, RecursionError) as error:
        raise EvaluationFileError(f"{path}: the file is not JSON in UTF-8: {error}. {_LAYOUT}") from error
    paragraphs = []
    for number, article in enumerate(_list(content, "data", f"{path}", "the file")):
        where = f"data[{number}]"
        for index, paragraph in enumerate(_list(article, "paragraphs", f"{path}", where)):
            paragraphs.append(_paragraph(paragraph, f"{path}", f"{where}.paragraphs[{index}]"))
    if not paragraphs:
        raise EvaluationFileError(f"{path}: the file holds no paragraph. {_LAYOUT}")
    return tuple(paragraphs)


def _paragraph(value: Any, path: str, where: str) -> SquadParagraph:
    text = _text(value, "context", path, where)
    questions = []
    for index, item in enumerate(_list(value, "qas", path, where)):
        place = f"{where}.qas[{index}]"
        if isinstance(item, dict) and item.get("question") == "":
            # CMRC 2018's trial file has one: nobody asks it, so it is no question.
            continue
        question = _text(item, "question", path, place)
        questions.append(SquadQuestion(str(item.get("id", place)), question, _starts(item), _answers(item)))
    return SquadParagraph(text, tuple(questions))


def _starts(item: dict[str, Any]) -> tuple[int, ...]:
    answers = item.get("answers")
    starts = [answer.get("answer_start") for answer in answers if isinstance(answer, dict)] if answers else []
    return tuple(start for start in starts if isinstance(start, int))


def _answers(item: dict[str, Any]) -> tuple[str, ...]:
    answers = item.get("answers")
    texts = [answer.get("text") for answer in answers if isinstance(answer, dict)] if answers else []
    return tuple(dict.fromkeys(text for text in texts if isinstance(text, str) and text.strip()))


def _list(value: Any, key: str, path: str, where: str) -> list[Any]:
    items = value.get(key) if isinstance(value, dict) else None
    if not isinstance(items, list):
        raise EvaluationFileError(f"{path}: {where} has no list '{key}'. {_LAYOUT}")
    return items


def _text(value: Any, key: str, path: str, where: str) -> str:
    text = value.get(key) if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise EvaluationFileError(f"{path}: {where} has no text '{key}'. {_LAYOUT}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise EvaluationFileError(f"{path}: {where}: '{key}' holds half a surrogate pair. Repair the file.") from None
    return text
