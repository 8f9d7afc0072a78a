"""FAISS itself, and as much of its files as can be told without it: importing it takes a tenth of a second."""

import struct
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

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


def lists_to_bytes(lists: Any) -> bytes:
    """Write inverted lists as FAISS does; its own writer of files overlooks an error when the file is closed."""
    faiss = load_faiss()
    writer = faiss.VectorIOWriter()
    faiss.write_InvertedLists(lists, writer)
    return bytes(faiss.vector_to_array(writer.data).data)


def lists_from_bytes(content: bytes) -> Any:
    """Read inverted lists into memory.

    :raises RuntimeError: if they are no such lists.
    """
    faiss = load_faiss()
    reader = faiss.VectorIOReader()
    faiss.copy_array_to_vector(np.frombuffer(content, np.uint8), reader.data)
    return faiss.downcast_InvertedLists(faiss.read_InvertedLists(reader))


def map_lists(file: Path) -> Any:
    """Open inverted lists that stay on disk, mapped into memory.

    :raises RuntimeError: if the file cannot be read or holds no such lists.
    """
    faiss = load_faiss()
    lists = faiss.downcast_InvertedLists(faiss.read_InvertedLists(faiss.FileIOReader(str(file)), faiss.IO_FLAG_MMAP))
    # Its threads that read ahead are started anew for each search.
    lists.prefetch_nthread = 0
    return lists


def bitmap(ids: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Give a bit for each number up to the highest of ``ids``, set where it is one of them."""
    bits = np.zeros(int(ids.max()) + 1 if len(ids) else 1, bool)
    bits[ids] = True
    return np.packbits(bits, bitorder="little")


def half_index(dimension: int) -> Any:
    """Give an empty index of vectors in half precision."""
    faiss = load_faiss()
    index = faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    index.is_trained = True
    return index


def to_halves(vectors: NDArray[np.float32]) -> NDArray[np.float16]:
    """Round vectors as FAISS does, whose last bit is not always numpy's."""
    if not len(vectors):
        return vectors.astype(np.float16)
    codes = half_index(vectors.shape[1]).sa_encode(np.ascontiguousarray(vectors, np.float32))
    return np.asarray(codes.view(np.float16).reshape(vectors.shape))
