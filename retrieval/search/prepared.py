"""What the ranking needs to know of a passage whatever the question is: worked out once and kept for the next."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Snapshot
from retrieval.language.folding import fold
from retrieval.language.tokens import folded_tokens
from retrieval.search.candidates import sentence_texts
from retrieval.search.expectation import AnswerKind, find_answers
from retrieval.types import Passage

__all__ = ["PAIR_BITS", "PreparedPassage", "PreparedPassages", "pair_of"]

PAIR_BITS = 21
"""How far the first character of a pair is shifted: a character's code has no more bits."""

# Characters of passages that are kept ready, at about 50 bytes each: 75 MB of memory.
_MOST_CHARACTERS = 1_500_000
# What a passage takes beyond its characters, as if it were characters.
_EACH = 100


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPassage:
    """A passage with its sentences, as they are and folded.

    ``tokens`` tells for each of their words and stems the numbers of the sentences that have it, ``pairs`` are the
    pairs of characters that follow one another in a sentence, ascending, as :func:`pair_of` writes them, its last
    character with a zero character behind it.
    """

    passage: Passage
    sentences: tuple[str, ...]
    folded: tuple[str, ...]
    tokens: Mapping[str, tuple[int, ...]]
    pairs: NDArray[np.uint64]
    _answers: dict[AnswerKind, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, passage: Passage) -> "PreparedPassage":
        """Prepare a passage."""
        sentences = sentence_texts(passage)
        # One call for all: folding keeps every character's place.
        text = fold("\0".join(sentences))
        folded = tuple(text.split("\0"))
        tokens: dict[str, tuple[int, ...]] = {}
        for number, sentence in enumerate(folded):
            for token in folded_tokens(sentence):
                tokens[token] = (*tokens.get(token, ()), number)
        return cls(passage, sentences, folded, tokens, _pairs(text))

    def answers(self, kind: AnswerKind) -> tuple[tuple[str, ...], ...]:
        """Give for each sentence its words that may answer a question of a kind, folded."""
        found = self._answers.get(kind)
        if found is None:
            found = tuple(
                [
                    tuple([folded[start:end].strip() for start, end in find_answers(kind, sentence)])
                    for sentence, folded in zip(self.sentences, self.folded, strict=True)
                ]
            )
            self._answers[kind] = found
        return found


class PreparedPassages:
    """The passages of one state of an archive that came into question last; for any number of threads."""

    def __init__(self, most_characters: int = _MOST_CHARACTERS) -> None:
        """Keep passages of so many characters, and the newest however long it is."""
        self._most = most_characters
        self._kept: OrderedDict[int, PreparedPassage] = OrderedDict()
        self._characters = 0
        self._lock = Lock()

    def get(self, passage_ids: Sequence[int], snapshot: Snapshot) -> list[PreparedPassage]:
        """Give passages in the order of ``passage_ids``, from ``snapshot`` those that are not kept.

        :raises UnknownDocumentError: if there is none of one of these ids.
        """
        given: dict[int, PreparedPassage] = {}
        with self._lock:
            for passage_id in passage_ids:
                kept = self._kept.get(passage_id)
                if kept is not None:
                    self._kept.move_to_end(passage_id)
                    given[passage_id] = kept
        # Threads that come at once prepare the same passages twice.
        missing = list(dict.fromkeys(passage_id for passage_id in passage_ids if passage_id not in given))
        new = [PreparedPassage.of(passage) for passage in snapshot.passages(missing)]
        with self._lock:
            for prepared in new:
                self._keep(prepared)
        given.update((prepared.passage.id, prepared) for prepared in new)
        return [given[passage_id] for passage_id in passage_ids]

    def __len__(self) -> int:
        """Count the passages that are kept."""
        return len(self._kept)

    def _keep(self, prepared: PreparedPassage) -> None:
        """Keep a passage in place of those used longest ago; the lock must be held."""
        if prepared.passage.id not in self._kept:
            self._kept[prepared.passage.id] = prepared
            self._characters += _size(prepared)
        while self._characters > self._most and len(self._kept) > 1:
            self._characters -= _size(self._kept.popitem(last=False)[1])


def pair_of(text: str) -> int:
    """Give the first two characters of a text as one number, with a zero character for one that is not there."""
    return (ord(text[0]) << PAIR_BITS) | (ord(text[1]) if len(text) > 1 else 0)


def _pairs(text: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(f"{text}\0".encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    return np.sort((codes[:-1] << np.uint64(PAIR_BITS)) | codes[1:])


def _size(prepared: PreparedPassage) -> int:
    return _EACH + len(prepared.passage.text)
