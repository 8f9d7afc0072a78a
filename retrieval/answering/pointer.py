from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from retrieval.answering.asking import QUESTION, AskedText
from retrieval.answering.marks import ASKED
from retrieval.answering.text_units import FIXED, TextUnits
from retrieval.search import WordRows

__all__ = ["ALIKE", "HEADS", "Pointer", "load_pointer"]

_Array = NDArray[np.float32]
_NOTHING = -1e4
ALIKE = 0.3
"""Words below this cosine have nothing to do with each other."""
HEADS = 2
"""In so many ways a unit looks at the other units of its text."""


@dataclass(frozen=True, eq=False)
class Pointer:
    """A small network that points at the words of a text that answer a question.

    Each unit of the text is its character's embedding, the vector of the word that it is of, and its marks; it looks
    twice at the question's units (attention, drawn to words of near meaning), at its neighbours (convolutions), and at
    all units of the text (attention, less to distant ones); a run of units scores by its first and last unit, both
    together, and its length, against what the text as a whole says of there being no answer. After Seo et al. 2017,
    "Bidirectional Attention Flow", https://arxiv.org/abs/1611.01603, and Yu et al. 2018, "QANet",
    https://arxiv.org/abs/1804.09541, much reduced. Trained by ``training/highlights.py``.
    """

    weights: dict[str, _Array]
    numbers: dict[str, int]

    @cached_property
    def longest(self) -> int:
        """Give the number of units that a run may have at the most."""
        return len(self.weights["length"])

    @cached_property
    def _threads(self) -> ThreadpoolController:
        return ThreadpoolController()

    @property
    def dimension(self) -> int:
        """Give the length of the vectors of words."""
        return len(self.weights["meaning"])

    def scores(
        self,
        asked: AskedText,
        units: TextUnits,
        marks: _Array,
        sought: WordRows | None = None,
        own: WordRows | None = None,
    ) -> _Array:
        """Score every run of at most ``longest`` units: float32 ``(units, longest)``, by first unit and length - 1.

        A score is a logit against there being no answer in the text. Runs over a sentence's end have -10000.

        :param marks: what :func:`retrieval.answering.marks.marks_of` gives.
        :param sought: the vectors of the words of the question's units; None where none is known.
        :param own: those of the text's units.
        """
        if sought is None or own is None:
            sought, own = (WordRows.empty(len(some.names), self.dimension) for some in (asked, units))
        # One thread: a second one only costs with matrices this small.
        with self._threads.limit(limits=1, user_api="blas"):
            return self._scores(asked, units, marks, sought, own)

    def _scores(self, asked: AskedText, units: TextUnits, marks: _Array, sought: WordRows, own: WordRows) -> _Array:
        w = self.weights
        q, whole, share = self._question(asked, sought)
        x = np.concatenate((w["embedding"][self._ids(units.names)], units.fixed, marks), axis=1)
        cosines = (own.vectors @ sought.vectors.T)[np.ix_(own.numbers, sought.numbers)]
        nearest = cosines.max(axis=1)
        near = np.stack((nearest, 4 * (cosines * share).max(axis=1), np.maximum(nearest, ALIKE) - ALIKE), axis=1)
        meant = self._meant(own, "meaning_text") + np.asarray(near @ w["near"], np.float32)
        h = _relu(x @ w["text"] + w["text_bias"] + whole @ w["text_question"] + meant)
        drawn = w["sharpness"] * cosines
        h = h + self._look(h, q, drawn, "")
        for number, reach in enumerate(w["reaches"].astype(int).tolist()):
            step = _convolve(h, w[f"convolution{number}"], w[f"convolution{number}_bias"], reach)
            h = h + _relu(step + whole @ w[f"convolution{number}_question"])
            if number == 0:
                h = h + self._look(h, q, drawn, "_again")
        h = h + _relu(np.concatenate((h, self._told_by_others(h)), axis=1) @ w["self_mix"] + w["self_mix_bias"])
        return self._runs(h, whole, units.sentence)

    def _look(self, h: _Array, q: _Array, drawn: _Array, time: str) -> _Array:
        """Let each unit of a text look at the question's, at those most that it is drawn to."""
        w = self.weights
        told = _softmax(np.asarray(h @ w[f"key{time}"] @ q.T / 7 + drawn, np.float32)) @ q
        return _relu(np.concatenate((h, told, h * told), axis=1) @ w[f"mix{time}"] + w[f"mix{time}_bias"])

    def _told_by_others(self, h: _Array) -> _Array:
        """Give what each unit learns from all the others of its text, which count less the further away they are."""
        w, size = self.weights, len(h)
        query, key, value = h @ w["self_query"], h @ w["self_key"], h @ w["self_value"] + w["self_value_bias"]
        place = np.arange(size)
        distance = np.log1p(np.abs(place[:, None] - place)).astype(np.float32)
        told = [
            _softmax(a @ b.T / np.float32(b.shape[1] ** 0.5) - decay * distance) @ c
            for a, b, c, decay in zip(
                *(np.split(part, HEADS, axis=1) for part in (query, key, value)), w["self_distance"], strict=True
            )
        ]
        return np.concatenate(told, axis=1)

    def _runs(self, h: _Array, whole: _Array, sentence: NDArray[np.int32]) -> _Array:
        """Score the runs of units: float32 ``(units, longest)``."""
        w = self.weights
        gist = _softmax((h @ w["gist_weigh"] + w["gist_weigh_bias"]).T)[0] @ h
        judged = whole + _relu(np.concatenate((whole, gist, whole * gist)) @ w["gist_mix"] + w["gist_mix_bias"])
        starts, ends = (h @ w["edges"] + w["edges_bias"]).T
        left, right = h @ w["left"], h @ w["right"] / np.float32(4)
        lengths = w["length"] + (whole @ w["length_question"] + w["length_question_bias"]) @ w["length_basis"]
        lengths = lengths - (judged @ w["null"] + w["null_bias"])
        size = len(starts)
        scores = np.full((size, self.longest), _NOTHING, np.float32)
        for extra in range(min(self.longest, size)):
            stop = size - extra
            run = starts[:stop] + ends[extra:] + np.einsum("ij,ij->i", left[:stop], right[extra:]) + lengths[extra]
            inside = sentence[:stop] == sentence[extra:]
            scores[:stop, extra] = np.where(inside, run, np.float32(_NOTHING))
        return scores

    def _question(self, asked: AskedText, sought: WordRows) -> tuple[_Array, _Array, _Array]:
        """Give a question's units, ``(n, d)``, the question as a whole, ``(d,)``, and each unit's share of it."""
        w = self.weights
        q = w["embedding"][self._ids(asked.names)] @ w["question"] + w["question_bias"]
        q = _relu(q + self._meant(sought, "meaning_question"))
        q = q + _relu(_convolve(q, w["question_convolution"], w["question_convolution_bias"], 1))
        share = _softmax(np.asarray((q @ w["weigh"] + w["weigh_bias"]).T, np.float32))[0]
        return q, _relu(np.concatenate((share @ q, asked.facts)) @ w["whole"] + w["whole_bias"]), share

    def _meant(self, words: WordRows, of: str) -> _Array:
        """Give what words mean, as the question or the text takes it: ``(words, d)``."""
        return np.asarray((words.vectors @ self.weights["meaning"] @ self.weights[of])[words.numbers], np.float32)

    def _ids(self, names: Sequence[str]) -> NDArray[np.intp]:
        return np.array([self.numbers.get(name, 1) for name in names], np.intp)


def _relu(x: _Array) -> _Array:
    return np.maximum(x, 0)


def _softmax(x: _Array) -> _Array:
    grown = np.exp(x - x.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), np.float32)


def _convolve(x: _Array, weights: _Array, bias: _Array, reach: int) -> _Array:
    """Convolve rows with those ``reach`` before and after; ``weights`` is ``(3 * d, d)``."""
    padded = np.pad(x, ((reach, reach), (0, 0)))
    return np.asarray(np.concatenate((padded[: len(x)], x, padded[2 * reach :]), axis=1) @ weights + bias, np.float32)


@lru_cache(maxsize=1)
def load_pointer() -> Pointer:
    """Load the network that comes with the package.

    :raises ValueError: if its file was trained for other marks.
    """
    data = files("retrieval.answering").joinpath("pointer.npz").read_bytes()
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        if tuple(arrays["marks"].tolist()) != (*FIXED, *ASKED, *QUESTION):
            raise ValueError("pointer.npz was trained for other marks; run training/highlights.py again")
        names = str(arrays["names"]).split("\n")
        weights = {name: arrays[name].astype(np.float32) for name in arrays.files if arrays[name].dtype == np.float16}
    return Pointer(weights, {name: number for number, name in enumerate(names)})
