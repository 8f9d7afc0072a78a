import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def save_array(path: Path, values: NDArray[Any]) -> None:
    """Write an array as a .npy file.

    :raises OSError: if that fails, also when the disk is full.
    """
    # Given a file, np.save writes through a C stream and overlooks an error that comes when that is closed.
    buffer = io.BytesIO()
    np.save(buffer, values)
    path.write_bytes(buffer.getbuffer())


def map_array(path: Path) -> NDArray[Any]:
    """Give the array of a .npy file, read-only and mapped into memory.

    :raises OSError: if the file cannot be read.
    :raises ValueError: if it is no such file.
    """
    # A plain array over the same memory: slicing a np.memmap costs ten times as much.
    return np.asarray(np.load(path, mmap_mode="r"))
