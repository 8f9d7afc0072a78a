import json
import math
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from retrieval.errors import StorageError
from retrieval.index._sqlite import sync_folder
from retrieval.index.records import StoreVersion

__all__ = ["DERIVED_NAME", "DerivedFiles", "Saveable"]

DERIVED_NAME = "derived"
_FORMAT = 1
_MANIFEST_NAME = "manifest.json"
_UNFINISHED = "unfinished-"
# What a killed process left; no save takes as long.
_ABANDONED_SECONDS = 3600.0
# A MiB takes 0.4 ms to sum up (blake2b: 2.8 ms), so larger files are summed up only in pieces, spread evenly, first and
# last included: that finds files cut short, overwritten or zeroed. It guards against accidents: whoever can forge these
# files can forge the store too.
_FULLY_SUMMED = 1 << 20
_PIECES = 64
_PIECE = _FULLY_SUMMED // _PIECES


class Saveable(Protocol):
    """What can be kept as derived files."""

    def save(self, folder: Path) -> None:
        """Write itself into an existing folder."""


@dataclass(frozen=True, slots=True)
class _FileSeal:
    size: int
    checksum: int


@dataclass(frozen=True, slots=True)
class _FileIdentity:
    """What tells a file that was sealed before, whatever other name it has been given since."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> "_FileIdentity":
        status = path.stat()
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class DerivedFiles:
    """Files made from the store's contents, which can be made again: kept for speed, never trusted blindly.

    Each version of the contents has a folder, ``derived/GENERATION-TOKEN``, with a manifest. It is written aside and
    renamed, so it is there completely or not at all.
    """

    def __init__(self, path: Path, *, recipe: str = "") -> None:
        """Keep files for the archive in the folder ``path``.

        ``recipe`` names whatever else the files depend on, such as the version of the analysis that cut the terms;
        files of another recipe are taken as stale.
        """
        self._root = path / DERIVED_NAME
        self._recipe = recipe
        # Files that this process found whole, or put onto the disk: most of a changed archive's are those of before
        # under a second name, and need neither be summed up nor be waited for again.
        self._sealed: dict[_FileIdentity, _FileSeal] = {}

    def load(self, version: StoreVersion) -> Path | None:
        """Give the folder with this version's files, or None when they are missing, stale or damaged.

        It has a subfolder for each part that was saved. None means: make the parts anew from the store.
        """
        folder = self._folder(version)
        try:
            manifest = json.loads((folder / _MANIFEST_NAME).read_text(encoding="utf-8"))
            if manifest["format"] != _FORMAT or manifest["recipe"] != self._recipe:
                return None
            sealed = {}
            for name, seal in manifest["files"].items():
                found = _seal(folder / name)
                if asdict(found) != seal:
                    return None
                sealed[_FileIdentity.of(folder / name)] = found
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            # Whatever ails them, the store has what it takes to make them anew.
            return None
        self._sealed = sealed
        return folder

    def save(self, version: StoreVersion, parts: Mapping[str, Saveable]) -> Path:
        """Write the parts, each into a subfolder of its name, and give the folder.

        :raises StorageError: if they cannot be written. Search goes on with the parts in memory.
        """
        folder = self._folder(version)
        if self.load(version) is not None:
            return folder
        unfinished = self._root / f"{_UNFINISHED}{os.urandom(4).hex()}"
        try:
            unfinished.mkdir(parents=True)
            for name, part in parts.items():
                (unfinished / name).mkdir()
                part.save(unfinished / name)
            self._write_manifest(unfinished, version)
            self._move(unfinished, version)
        except OSError as error:
            raise StorageError(
                f"{folder} cannot be written: {error.strerror}. Make room or check who owns it; the archive is unharmed"
            ) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return folder

    @contextmanager
    def workshop(self) -> Iterator[Path | None]:
        """Lend a folder beside the files for what they are made of; None where none can be made."""
        folder = self._root / f"{_UNFINISHED}{os.urandom(4).hex()}"
        try:
            folder.mkdir(parents=True)
        except OSError:
            yield None
            return
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def remove(self, version: StoreVersion) -> None:
        """Remove the files of a version, to be made anew. Whoever calls this holds the archive's write lock."""
        shutil.rmtree(self._folder(version), ignore_errors=True)

    def remove_others(self, version: StoreVersion) -> None:
        """Remove the files of all other versions: they hold the words of documents that may be gone by now.

        Readers that have opened them keep them until they are done. Whoever calls this holds the archive's write lock.
        """
        newest = self._folder(version)
        if not self._root.is_dir():
            return
        for path in self._root.iterdir():
            abandoned = path.name.startswith(_UNFINISHED) and _age(path) > _ABANDONED_SECONDS
            if path != newest and (abandoned or not path.name.startswith(_UNFINISHED)):
                # Best effort: Windows keeps files that are mapped; the next change tries again.
                shutil.rmtree(path, ignore_errors=True)

    def remove_all(self) -> None:
        """Remove the files of all versions. Whoever calls this holds the archive's write lock."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _folder(self, version: StoreVersion) -> Path:
        return self._root / f"{version.generation:010d}-{version.token}"

    def _write_manifest(self, folder: Path, version: StoreVersion) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        sealed = {}
        for path in files:
            identity = _FileIdentity.of(path)
            known = self._sealed.get(identity)
            if known is None:
                _sync_file(path)
            sealed[path] = (identity, known or _seal(path))
        self._sealed = dict(sealed.values())
        manifest: dict[str, Any] = {
            "format": _FORMAT,
            "recipe": self._recipe,
            "generation": version.generation,
            "files": {path.relative_to(folder).as_posix(): asdict(seal) for path, (_, seal) in sealed.items()},
        }
        (folder / _MANIFEST_NAME).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        _sync_file(folder / _MANIFEST_NAME)
        for part in {path.parent for path in files} | {folder}:
            sync_folder(part)

    def _move(self, unfinished: Path, version: StoreVersion) -> None:
        folder = self._folder(version)
        # Only damaged files, or those of another recipe, can stand here; a folder cannot replace another.
        shutil.rmtree(folder, ignore_errors=True)
        try:
            unfinished.rename(folder)
        except OSError:
            if self.load(version) is None:
                raise
            # Another process was quicker with the same files.
        sync_folder(self._root)


def _seal(path: Path) -> _FileSeal:
    checksum = 0
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size <= _FULLY_SUMMED:
            checksum = crc32(file.read())
        else:
            for piece in range(_PIECES):
                file.seek((size - _PIECE) * piece // (_PIECES - 1))
                checksum = crc32(file.read(_PIECE), checksum)
    return _FileSeal(size, checksum)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        # Another process has removed it meanwhile.
        return math.inf


def _sync_file(path: Path) -> None:
    # Windows can sync only files that are open for writing.
    with path.open("r+b") as file:
        os.fsync(file.fileno())
