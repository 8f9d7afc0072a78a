from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ArchiveDamagedError
from retrieval.index._arrays import map_arrays, save_arrays

__all__ = ["MilvusContents"]

_FILE = "contents.bin"


@dataclass(frozen=True, slots=True, eq=False)
class MilvusContents:
    """Which passages a state of an archive has, and under which ``name`` they are in Milvus.

    ``gone`` are those that this state has given up, to be removed there once it is the newest. ``mean_lengths``,
    float64 by field, are those that the weights of all terms there were made with; ``units`` counts the vectors.
    """

    name: str
    passage_ids: NDArray[np.int64]
    gone: NDArray[np.int64]
    mean_lengths: NDArray[np.float64]
    units: int

    def save(self, folder: Path) -> None:
        """Write it into an existing folder.

        :raises OSError: if that fails.
        """
        arrays: dict[str, NDArray[Any]] = {
            "name": np.frombuffer(self.name.encode(), np.uint8),
            "passage_ids": self.passage_ids,
            "gone": self.gone,
            "mean_lengths": self.mean_lengths,
            "units": np.array([self.units], np.int64),
        }
        save_arrays(folder / _FILE, arrays)

    @classmethod
    def load(cls, folder: Path) -> "MilvusContents":
        """Open what ``save`` wrote; it stays on disk, mapped into memory.

        :raises ArchiveDamagedError: if it is missing or damaged.
        """
        try:
            arrays = map_arrays(folder / _FILE)
            name, units = arrays["name"].tobytes().decode(), int(arrays["units"][0])
            return cls(name, arrays["passage_ids"], arrays["gone"], arrays["mean_lengths"], units)
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise ArchiveDamagedError(f"{folder} is damaged ({error}). Remove it; it will be made anew") from error
