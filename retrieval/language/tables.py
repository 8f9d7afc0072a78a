import json
import shutil
import tempfile
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Arrays", "StringTable", "load_arrays"]

Arrays = Mapping[str, NDArray[Any]]

_MANIFEST = "manifest.json"


class StringTable:
    """Strings in one run of bytes, found by number and, when they are sorted by their bytes, by bisection."""

    def __init__(self, blob: NDArray[np.uint8], offsets: NDArray[np.uint32]) -> None:
        """Use strings laid out by ``lay_out``: string ``i`` is ``blob[offsets[i] : offsets[i + 1]]`` in UTF-8."""
        self._bytes = np.ascontiguousarray(blob).data
        self._edges = np.ascontiguousarray(offsets).data

    @staticmethod
    def lay_out(strings: Sequence[str], name: str) -> dict[str, NDArray[Any]]:
        """Give the two arrays of a table, ``<name>_bytes`` and ``<name>_offsets``."""
        encoded = [string.encode() for string in strings]
        offsets = np.zeros(len(encoded) + 1, np.uint32)
        np.cumsum([len(string) for string in encoded], out=offsets[1:])
        return {f"{name}_bytes": np.frombuffer(b"".join(encoded), np.uint8), f"{name}_offsets": offsets}

    @classmethod
    def of(cls, arrays: Arrays, name: str) -> "StringTable":
        """Open the table that ``lay_out`` named ``name``.

        :raises KeyError: if ``arrays`` has no such table.
        """
        return cls(arrays[f"{name}_bytes"], arrays[f"{name}_offsets"])

    def __len__(self) -> int:
        """Count the strings."""
        return len(self._edges) - 1

    def __getitem__(self, number: int) -> str:
        """Give the string of this number."""
        return self._raw(number).decode()

    def find(self, string: str) -> int | None:
        """Give the string's number in a sorted table, or None if the table lacks it."""
        wanted = string.encode("utf-8", "surrogatepass")
        number = bisect_left(range(len(self)), wanted, key=self._raw)
        return number if number < len(self) and self._raw(number) == wanted else None

    def has_prefix(self, prefix: str) -> bool:
        """Tell whether a string of a sorted table begins with ``prefix``."""
        wanted = prefix.encode("utf-8", "surrogatepass")
        number = bisect_left(range(len(self)), wanted, key=self._raw)
        return number < len(self) and self._raw(number).startswith(wanted)

    def prefixes_of(self, string: str) -> Iterator[int]:
        """Find the strings of a sorted table that ``string`` begins with, shortest first; give their numbers."""
        wanted, number = b"", 0
        for character in string:
            wanted += character.encode("utf-8", "surrogatepass")
            number = bisect_left(range(len(self)), wanted, number, key=self._raw)
            found = self._raw(number) if number < len(self) else b""
            if found == wanted:
                yield number
            elif not found.startswith(wanted):
                return

    def _raw(self, number: int) -> bytes:
        return bytes(self._bytes[self._edges[number] : self._edges[number + 1]])


def load_arrays(folder: Path | None, stamp: Sequence[int], build: Callable[[], Arrays]) -> Arrays:
    """Give the arrays that ``build`` makes, kept in ``folder`` and mapped into memory from there next time.

    Kept arrays are used only if they were made under the same ``stamp`` and their checksums hold; otherwise they are
    made anew. A folder that cannot be written is done without.
    """
    if folder is None:
        return build()
    kept = _load_kept(folder, stamp)
    if kept is not None:
        return kept
    arrays = build()
    try:
        _keep(arrays, folder, stamp)
    except OSError:
        # A read-only or full disk costs the next start some seconds, not this one its answer.
        return arrays
    return _load_kept(folder, stamp) or arrays


def _keep(arrays: Arrays, folder: Path, stamp: Sequence[int]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        checksums = {}
        for name, array in arrays.items():
            np.save(aside / f"{name}.npy", array)
            checksums[name] = zlib.crc32((aside / f"{name}.npy").read_bytes())
        manifest = {"stamp": list(stamp), "crc32": checksums}
        (aside / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        if folder.exists():
            # A folder cannot be replaced by renaming: the damaged or outdated one goes first.
            shutil.rmtree(folder)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _load_kept(folder: Path, stamp: Sequence[int]) -> Arrays | None:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["stamp"] != list(stamp):
            return None
        arrays = {}
        for name, checksum in manifest["crc32"].items():
            file = folder / f"{name}.npy"
            if zlib.crc32(file.read_bytes()) != checksum:
                return None
            arrays[name] = np.load(file, mmap_mode="r", allow_pickle=False)
        return arrays
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None
