import struct
from array import array
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from retrieval.language.tables import Arrays, StringTable, load_arrays

__all__ = ["PieceTable"]

# Grows with every change of what is kept, so that caches of an older form are made anew.
_FORMAT = 1
_UNKNOWN = 0
# The fields of SentencePiece's model file, of a piece in it, and the types of piece that text is cut into.
_PIECES, _NORMALISER = 1, 3
_TEXT, _SCORE, _TYPE = 1, 2, 3
_NORMAL, _USER_DEFINED = 1, 4
# The protocol buffers' encodings of a field's content.
_INTEGER, _BYTES = 0, 2
_WIDTHS = {1: 8, 5: 4}
# How a piece begins that has a text, a score and nothing else, and what stands before the score.
_PLAIN, _PLAIN_SCORE = bytes([_TEXT << 3 | _BYTES]), _SCORE << 3 | 5
# From SentencePiece's unigram_model.cc.
_UNKNOWN_PENALTY = 10.0
_USER_DEFINED_PENALTY = 0.1


class PieceTable:
    """A SentencePiece model's pieces in sorted order, mapped into memory: nothing has to be built when it is opened.

    The library ``sentencepiece`` builds an index of all pieces at every start, a third of a second for 128,000. Here a
    question is cut without it: the library's own normaliser, and the search for the likeliest pieces as in its
    ``unigram_model.cc``, which sums in single precision and prefers the longest last piece among equals.
    """

    def __init__(self, arrays: Arrays) -> None:
        """Use ``load`` instead.

        :raises KeyError: if an array is missing.
        """
        from sentencepiece import SentencePieceNormalizer

        self._normaliser = SentencePieceNormalizer(model_proto=arrays["normaliser"].tobytes())
        self._pieces = StringTable.of(arrays, "pieces")
        self._ids = np.ascontiguousarray(arrays["ids"]).data
        self._scores = np.ascontiguousarray(arrays["scores"]).data
        self._unknown_score = float(arrays["unknown_score"])

    @classmethod
    def load(cls, model: Path, folder: Path) -> "PieceTable":
        """Open the table of ``model`` that is kept in ``folder``; one that is missing or damaged is made anew."""
        status = model.stat()
        stamp = (_FORMAT, status.st_size, status.st_mtime_ns)
        return cls(load_arrays(folder, stamp, lambda: _read(model)))

    def encode(self, text: str) -> list[int]:
        """Give the ids of the pieces of ``text``, 0 for each character that no piece has."""
        normalised: str = self._normaliser.normalize(text)
        count = len(normalised)
        # For each position the best score of a cut up to there, and that cut's last piece.
        best = array("f", bytes(4 * (count + 1)))
        total = array("f", [0.0])
        starts, ids = [-1] * (count + 1), [_UNKNOWN] * (count + 1)
        for start in range(count):
            candidates = [
                (start + len(self._pieces[number]), float(self._scores[number]), self._ids[number])
                for number in self._pieces.prefixes_of(normalised[start:])
            ]
            if not candidates or candidates[0][0] > start + 1:
                candidates.append((start + 1, self._unknown_score, _UNKNOWN))
            for end, score, piece in candidates:
                total[0] = best[start] + score
                if starts[end] < 0 or total[0] > best[end]:
                    best[end], starts[end], ids[end] = total[0], start, piece
        found = []
        while count:
            found.append(ids[count])
            count = starts[count]
        return found[::-1]


def _read(model: Path) -> Arrays:
    pieces: dict[bytes, tuple[int, float]] = {}
    special: dict[bytes, int] = {}
    normaliser = b""
    lowest, highest = float("inf"), -float("inf")
    number = 0
    for field, content in _fields(model.read_bytes()):
        if field == _NORMALISER:
            normaliser = content
        if field != _PIECES:
            continue
        text, score, kind = _piece(content)
        if kind == _NORMAL:
            pieces[text] = (number, score)
            lowest, highest = min(lowest, score), max(highest, score)
        elif kind == _USER_DEFINED:
            special[text] = number
        number += 1
    for text, at in special.items():
        pieces[text] = (at, len(text) * highest - _USER_DEFINED_PENALTY)
    order = sorted(pieces)
    return {
        "normaliser": np.frombuffer(_field(_NORMALISER, normaliser), np.uint8),
        **StringTable.lay_out([text.decode() for text in order], "pieces"),
        "ids": np.array([pieces[text][0] for text in order], np.int32),
        "scores": np.array([pieces[text][1] for text in order], np.float64),
        "unknown_score": np.array(lowest - _UNKNOWN_PENALTY),
    }


def _piece(message: bytes) -> tuple[bytes, float, int]:
    """Read a piece's text, score and type."""
    if message.startswith(_PLAIN) and message[1] == len(message) - 7 and message[-5] == _PLAIN_SCORE:
        # Nearly all are so, and reading them field by field takes four times as long.
        return message[2:-5], struct.unpack("<f", message[-4:])[0], _NORMAL
    parts = dict(_fields(message))
    return parts[_TEXT], struct.unpack("<f", parts.get(_SCORE, bytes(4)))[0], parts.get(_TYPE, bytes([_NORMAL]))[0]


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Read the fields of a protocol buffer: their numbers and contents."""
    position = 0
    while position < len(message):
        tag, position = _integer(message, position)
        wire = tag & 7
        if wire == _BYTES:
            length, position = _integer(message, position)
            end = position + length
        else:
            end = _integer(message, position)[1] if wire == _INTEGER else position + _WIDTHS[wire]
        yield tag >> 3, message[position:end]
        position = end


def _field(number: int, content: bytes) -> bytes:
    rest, size = len(content), bytearray()
    while rest > 0x7F:
        size.append(0x80 | rest & 0x7F)
        rest >>= 7
    return bytes([number << 3 | _BYTES, *size, rest]) + content


def _integer(message: bytes, position: int) -> tuple[int, int]:
    """Read an integer of variable length, and give it with the position behind it."""
    if message[position] <= 0x7F:
        return message[position], position + 1
    value = shift = 0
    while message[position] > 0x7F:
        value |= (message[position] & 0x7F) << shift
        position, shift = position + 1, shift + 7
    return value | message[position] << shift, position + 1
