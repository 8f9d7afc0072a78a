import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.language.dictionary import Translation, WeightedTranslation
from retrieval.language.english import EnglishWord, english_words
from retrieval.language.folding import fold
from retrieval.language.persons import find_persons, tag_words
from retrieval.language.placenames import ENGLISH_DIVISIONS, named_after_division
from retrieval.language.readings import Readings
from retrieval.language.scripts import HAN, has_han
from retrieval.language.syllables import cut_syllables, plain_pinyin
from retrieval.language.transcriptions import transcribed_names

__all__ = ["Pinyin"]

# rjieba's tags of names of persons, places, organisations and other things.
_NAME_TAGS = ("nr", "ns", "nt", "nz")
_HAN_RUN = re.compile(f"[{HAN}]+")
# The last character of a place's name, which is often left away.
_DIVISIONS = frozenset("县市区镇乡村州省旗街路")
_FUNCTION_CHARACTERS = "的了着过是在有和与及就都也不这那谁几多哪么吗呢比把被给到从对跟"
_MAX_NAME = 5
_MAX_TOKENS = 4
_MAX_SYLLABLES = 6
# A part of a name points to it less surely than all of it.
_PART_WEIGHT = 0.7
# A name that the segmenter knows is written as it should be, most of the time.
_KNOWN_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in Chinese characters; ``known`` to the segmenter or put together from what it does not know."""

    text: str
    known: bool


class Pinyin:
    """Names by their sound: what a passage and a question have in common when only the characters differ."""

    def __init__(self, readings: Readings) -> None:
        """Use ``load`` instead."""
        self._readings = readings

    @classmethod
    def load(cls, cache: Path | None = None) -> "Pinyin":
        """Open the readings of Chinese characters, which are kept in a folder under ``cache``.

        A missing, damaged or outdated folder is made anew; one that cannot be written is done without.

        :raises DictionaryError: if the package with CC-CEDICT is missing or damaged.
        """
        return cls(Readings.load(cache))

    def name_terms(self, text: str) -> list[str]:
        """Give the sound of each Chinese name of a passage: ``yanlingxian`` and ``yanling`` for 炎陵县.

        They are pinyin without tones, joined, one for each mention; ü is written u. Given names stand apart as well.
        """
        return [term for name in self._names(text) for term in self._forms(name.text)]

    def query_terms(self, question: str) -> tuple[Translation, ...]:
        """Give the terms that names in a question have in ``name_terms``, one group for each name.

        Latin letters are names if they can be pinyin and are no English words; Chinese characters if the segmenter
        takes them for a name or does not know them. Names that it knows count half. Russian and Korean words are names
        if they can be transcriptions of Chinese ones, each with the several sounds that it may stand for.
        """
        groups = [*self._latin_groups(question), *self._han_groups(question)]
        for name, division in named_after_division(question):
            led = _latin_forms([plain_pinyin(name)], division) if cut_syllables(plain_pinyin(name)) else []
            if led:
                groups.append(_group(name, led, 1.0))
        for name, forms in transcribed_names(question):
            groups.append(Translation(name, tuple(WeightedTranslation(form, 1.0) for form in forms)))
        return tuple(groups)

    def heard(self, text: str, names: Sequence[Sequence[str]]) -> tuple[bool, ...]:
        """Tell of each name whether characters in a row of a text sound like it, a name to the segmenter or not.

        :param names: the sounds that each name may have.
        """
        if not names:
            return ()
        syllables: dict[str, frozenset[str]] = {}
        runs: list[list[frozenset[str]]] = []
        for run in _HAN_RUN.findall(text):
            folded = fold(run)
            for character in set(folded).difference(syllables):
                syllables[character] = frozenset(reading[0] for reading in self._readings.of(character))
            runs.append([syllables[character] for character in folded])
        return tuple(
            any(_sounds_from(run, start, sound) for run in runs for sound in sounds for start in range(len(run)))
            for sounds in names
        )

    def sounds(self, name: str) -> tuple[str, ...]:
        """Give the sounds of one Chinese name, as ``name_terms`` writes them: with its division and without."""
        return tuple(self._forms(fold(name)))

    def is_surname(self, word: str) -> bool:
        """Tell whether a word, folded, is a Chinese surname."""
        return self._readings.is_surname(word)

    def place_forms(self, written: str) -> tuple[str, ...]:
        """Give the sounds that a place written in pinyin has: ``youxian`` for You County; () for none."""
        for name, sound in named_after_division(written):
            return tuple(_latin_forms([plain_pinyin(name)], sound)[:2])
        tokens = [plain_pinyin(word.text) for word in english_words(written)]
        division = ENGLISH_DIVISIONS.get(tokens[-1], "") if len(tokens) > 1 else ""
        forms = _latin_forms(tokens[:-1] if division else tokens, division)
        return tuple(forms[: 1 + bool(division)])

    def _han_groups(self, question: str) -> Iterator[Translation]:
        seen: set[str] = set()
        for name in self._names(question):
            forms = self._forms(name.text)
            if forms and name.text not in seen:
                seen.add(name.text)
                yield _group(name.text, forms, _KNOWN_WEIGHT if name.known else 1.0)

    def _names(self, text: str) -> Iterator[_Name]:
        if not has_han(text):
            return
        for run in _HAN_RUN.findall(text):
            yield from self._names_of_run(fold(run))

    def _names_of_run(self, run: str) -> Iterator[_Name]:
        import rjieba

        words = tag_words(run)
        joined = {name.start: name for name in find_persons(words) if name.joined}
        for word in words:
            known = rjieba.has_word(word.text)
            # What the segmenter puts together without knowing it often ends in a function word: 炎凌有.
            name = word.text if known else word.text.strip(_FUNCTION_CHARACTERS)
            if 2 <= len(name) <= _MAX_NAME and (word.tag.startswith(_NAME_TAGS) or not known):
                yield _Name(name, known)
            if word.start in joined and self._readings.is_surname(word.text):
                yield _Name(joined[word.start].text, known=False)

    def _forms(self, name: str) -> list[str]:
        """Give the name's sounds, the whole first, then what is left without its division or surname."""
        forms: dict[str, None] = {}
        readings = self._readings.of(name)
        forms.update(dict.fromkeys("".join(reading) for reading in readings))
        if len(name) >= 3 and name[-1] in _DIVISIONS:
            forms.update(dict.fromkeys("".join(reading[:-1]) for reading in readings))
        elif len(name) == 3 and self._readings.is_surname(name[0]):
            forms.update(dict.fromkeys("".join(reading[1:]) for reading in readings))
        return list(forms)

    def _latin_groups(self, question: str) -> Iterator[Translation]:
        asked = english_words(question)
        position = 0
        while position < len(asked):
            run = self._run(question, asked[position:])
            if not run:
                position += 1
                continue
            position += len(run)
            following = asked[position] if position < len(asked) else None
            division = ENGLISH_DIVISIONS.get(following.text, "") if following is not None else ""
            forms = _latin_forms([plain_pinyin(word.text) for word in run], division)
            if forms:
                yield _group(" ".join(word.text for word in run), forms, 1.0)

    def _run(self, question: str, asked: Sequence[EnglishWord]) -> list[EnglishWord]:
        """Give the first words of ``asked`` that are a name in pinyin, written with or without capitals."""
        run: list[EnglishWord] = []
        end = asked[0].start
        capital = question[end].isupper()
        for word in asked[:_MAX_TOKENS]:
            adjoins = not run or question[end : word.start] in (" ", "-")
            if not adjoins or question[word.start].isupper() != capital or not self._may_be_name(word):
                break
            run.append(word)
            end = word.start + len(word.text)
        # Small words of other languages, such as "de la", can be pinyin too.
        told = capital or any(len(cut_syllables(plain_pinyin(word.text)) or ()) > 1 for word in run)
        return run if told else []

    def _may_be_name(self, word: EnglishWord) -> bool:
        if not cut_syllables(plain_pinyin(word.text)):
            return False
        return word.is_name or not self._readings.is_english(word.text)


def _sounds_from(choices: Sequence[frozenset[str]], start: int, term: str) -> bool:
    """Tell whether the characters from ``start`` on, each with its readings, can sound like a term."""
    if not term:
        return True
    return start < len(choices) and any(
        term.startswith(syllable) and _sounds_from(choices, start + 1, term[len(syllable) :])
        for syllable in choices[start]
    )


def _latin_forms(tokens: Sequence[str], division: str) -> list[str]:
    """Give the sounds of a name in pinyin, the whole first."""
    whole = "".join(tokens)
    if len(cut_syllables(whole) or ()) > _MAX_SYLLABLES:
        return [token for token in tokens if len(cut_syllables(token) or ()) > 1]
    forms = [whole + division] if division else []
    forms.append(whole)
    if len(tokens) == 2:
        # Western order: the surname last.
        forms.append(tokens[1] + tokens[0])
    forms.extend(token for token in tokens if len(tokens) > 1)
    return [form for form in dict.fromkeys(forms) if len(cut_syllables(form) or ()) > 1]


def _group(source: str, forms: Sequence[str], weight: float) -> Translation:
    weights = [1.0, *[_PART_WEIGHT] * (len(forms) - 1)]
    terms = (WeightedTranslation(form, value) for form, value in zip(forms, weights, strict=True))
    return Translation(source, tuple(terms), weight)
