import json
import mmap
from collections.abc import Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAGIC = b"wenjuA1\n"
_LENGTH_BYTES = 8
# Numbers that begin where the processor's lines of memory do are read fastest.
_ALIGNMENT = 64


def save_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write named arrays into one file, each where it can be mapped into memory.

    :raises OSError: if that fails, also when the disk is full.
    """
    ready = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    header = json.dumps([[name, values.dtype.str, list(values.shape)] for name, values in ready.items()]).encode()
    begin = _aligned(len(_MAGIC) + _LENGTH_BYTES + len(header))
    with path.open("wb") as file:
        file.write((_MAGIC + len(header).to_bytes(_LENGTH_BYTES, "little") + header).ljust(begin, b"\0"))
        for values in ready.values():
            file.write(values.reshape(-1).view(np.uint8).data)
            file.write(b"\0" * (_aligned(values.nbytes) - values.nbytes))


def map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Give the arrays of a file that :func:`save_arrays` wrote, read-only and mapped into memory.

    :raises OSError: if the file cannot be read.
    :raises ValueError: if it is no such file, or cut short.
    """
    # A plain array, for hundreds of files: np.memmap takes twice the time to make, and ten times as much to slice.
    with path.open("rb", buffering=0) as file:
        content = np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
    begin = len(_MAGIC) + _LENGTH_BYTES
    if content[: len(_MAGIC)].tobytes() != _MAGIC:
        raise ValueError(f"{path.name} is not what was written")
    end = begin + int.from_bytes(content[len(_MAGIC) : begin].tobytes(), "little")
    try:
        described = [(name, np.dtype(kind), shape) for name, kind, shape in json.loads(content[begin:end].tobytes())]
        sizes = [kind.itemsize * int(np.prod(shape, dtype=np.int64)) for _, kind, shape in described]
    except (TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is not what was written") from error
    starts = list(accumulate(map(_aligned, sizes), initial=_aligned(end)))
    if len(content) != starts[-1]:
        raise ValueError(f"{path.name} has {len(content)} bytes instead of {starts[-1]}")
    return {
        name: content[start : start + size].view(kind).reshape(shape)
        for (name, kind, shape), size, start in zip(described, sizes, starts, strict=False)
    }


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
