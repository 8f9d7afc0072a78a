"""Reads ``training/translated``: questions of the reading sets, and sentences that answer, in other languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from training.pairs import Pair
from training.questions import Question

__all__ = ["TRANSLATED", "Translation", "read_translations", "translated_pairs"]

TRANSLATED = Path(__file__).with_name("translated")
"""A file for each language: lines of a question's id in its reading set, the question and, of some, its sentence."""

# Every tenth paragraph's are left out, to choose between encoders by them.
_HELD_OUT = 10


@dataclass(frozen=True, slots=True)
class Translation:
    """A question in another language, and the sentence that answers it, or an empty one."""

    language: str
    question: str
    sentence: str = ""


def read_translations(folder: Path = TRANSLATED) -> dict[str, list[Translation]]:
    """Read the translations of all languages by the questions' ids.

    :raises ValueError: if a line has not two or three columns.
    """
    found: dict[str, list[Translation]] = {}
    for file in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            name, *texts = line.split("\t")
            if not 1 <= len(texts) <= 2:
                raise ValueError(f"{file}:{number}: {len(texts) + 1} columns; write id, question and maybe sentence.")
            found.setdefault(name, []).append(Translation(file.stem, *texts))
    return found


def translated_pairs(
    questions: Sequence[Question],
    pairs: Sequence[Pair],
    translations: Mapping[str, Sequence[Translation]],
    random: Random,
) -> dict[str, list[Pair]]:
    """Pair what is asked in one language with what answers in another, and translations with each other.

    :param pairs: of the same questions in the same order, with a sentence that answers and one that does not.
    :return: by kind: ``crossed`` are questions with Chinese sentences, ``answered`` are questions with English ones,
        ``translations`` the same said twice, ``heldout.translated`` those of the first that are left out.
    """
    kinds: dict[str, list[Pair]] = {"crossed": [], "answered": [], "translations": [], "heldout.translated": []}
    for question, pair in zip(questions, pairs, strict=True):
        for translation in translations.get(question.id, ()):
            crossed = Pair(translation.question, pair.positive, pair.negative)
            if question.number % _HELD_OUT == 0:
                kinds["heldout.translated"].append(crossed)
                continue
            kinds["crossed"].append(crossed)
            kinds["answered"].extend(_answered(question, translation))
            kinds["translations"].append(_twice(question, translation, random))
    return kinds


def _answered(question: Question, translation: Translation) -> Iterator[Pair]:
    if translation.sentence:
        yield Pair(question.text, translation.sentence)
        yield Pair(translation.question, translation.sentence)


def _twice(question: Question, translation: Translation, random: Random) -> Pair:
    if translation.sentence and random.random() < 0.5:
        return Pair(translation.sentence, question.sentence)
    return Pair(translation.question, question.text)
