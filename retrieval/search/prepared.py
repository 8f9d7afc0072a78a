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
from retrieval.search.expectation import AnswerKind, find_answers_in
from retrieval.types import Passage

__all__ = ["PreparedPassage", "PreparedPassages"]

# Characters of passages that are kept ready, at about 50 bytes each: 75 MB of memory.
_MOST_CHARACTERS = 1_500_000
# What a passage takes beyond its characters, as if it were characters.
_EACH = 100


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPassage:
    """A passage with its sentences, as they are and folded.

    ``tokens`` tells for each of their words and stems the numbers of the sentences that have it, ``codes`` are the
    folded sentences' characters with a zero behind each sentence, ``lengths`` tells how many each sentence has.
    """

    passage: Passage
    sentences: tuple[str, ...]
    folded: tuple[str, ...]
    tokens: Mapping[str, tuple[int, ...]]
    codes: NDArray[np.uint32]
    lengths: NDArray[np.int64]
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
        codes = np.frombuffer(f"{text}\0".encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32, copy=False)
        return cls(passage, sentences, folded, tokens, codes, np.array([len(sentence) for sentence in folded]))

    def answers(self, kind: AnswerKind) -> tuple[tuple[str, ...], ...]:
        """Give for each sentence its words that may answer a question of a kind, folded."""
        found = self._answers.get(kind)
        if found is None:
            spans = find_answers_in(kind, self.sentences)
            found = tuple(
                [
                    tuple([folded[start:end].strip() for start, end in own])
                    for own, folded in zip(spans, self.folded, strict=True)
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


def _size(prepared: PreparedPassage) -> int:
    return _EACH + len(prepared.passage.text)
