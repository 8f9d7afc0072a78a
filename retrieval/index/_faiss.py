"""FAISS itself, and as much of its files as can be told without it: importing it takes a tenth of a second."""

import struct
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

# How the file of an index begins: its kind, the dimension, the count of vectors.
_HEADER = struct.Struct("<4siq")


@dataclass(frozen=True, slots=True)
class IndexHeader:
    """What the file of an index says at its beginning, and where its rows, which end it, begin."""

    kind: bytes
    dimension: int
    count: int
    rows_start: int


def load_faiss() -> Any:
    """Import FAISS, set to one thread: for single queries two were up to 70 times slower."""
    # Its stubs lack half of it.
    faiss: Any = import_module("faiss")
    faiss.omp_set_num_threads(1)
    return faiss


def read_header(file: Path, kind: bytes, number_bytes: int) -> IndexHeader:
    """Read the beginning of an index's file.

    :param kind: the four characters that FAISS gives to this kind of index.
    :param number_bytes: how many bytes a number of a vector takes.
    :raises OSError: if the file cannot be read.
    :raises ValueError: if it is of another kind, or shorter than its vectors.
    """
    with file.open("rb") as stream:
        beginning = stream.read(_HEADER.size)
    if len(beginning) < _HEADER.size:
        raise ValueError(f"{file.name} ends within its header")
    found, dimension, count = _HEADER.unpack(beginning)
    rows_start = file.stat().st_size - number_bytes * dimension * count
    if found != kind or dimension < 1 or count < 0 or rows_start < _HEADER.size:
        raise ValueError(f"{file.name} is no index of {count} vectors of {dimension} numbers")
    return IndexHeader(found, dimension, count, rows_start)
