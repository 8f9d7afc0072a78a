import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.index._faiss import load_faiss
from retrieval.types import VectorIndexInfo

__all__ = ["CLUSTERED", "Codebook"]

CLUSTERED = "clustered"
_FILE = "clusters.faiss"
_NOTES = "clusters.json"
_ROUNDS = 6
_SAMPLES_PER_CLUSTER = 48
# More vectors than these are needed before more clusters pay; more clusters make building slow.
_FEWEST_CLUSTERS, _MOST_CLUSTERS = 64, 4096
_LEAST_RECALL = 0.98
_FIRST_PROBES = 8
# With this many times more, or fewer, vectors than it was made for, the clusters are made anew.
_OUTGROWN = 4


@dataclass(frozen=True, slots=True, eq=False)
class Codebook:
    """How vectors are told apart roughly, by the cluster whose middle is nearest, and kept in a byte a number.

    ``info`` says for how many vectors it was made, how many clusters a search looks into, and which share of the ten
    nearest passages it finds so.
    """

    clusters: Any
    info: VectorIndexInfo

    @classmethod
    def samples(cls, units: int) -> int:
        """Give how many of an archive's vectors to train a codebook with."""
        return _SAMPLES_PER_CLUSTER * _cluster_count(units)

    @classmethod
    def train(cls, sample: NDArray[np.float32], units: int) -> "Codebook":
        """Make one for ``units`` vectors from a sample of them, float32 ``(n, dimension)``."""
        faiss = load_faiss()
        dimension, count = sample.shape[1], min(_cluster_count(units), len(sample))
        middles = faiss.IndexFlatIP(dimension)
        eight_bits = faiss.ScalarQuantizer.QT_8bit
        # Codes of the vectors themselves, not of what is left beside the middle: equal vectors have equal codes.
        clusters = faiss.IndexIVFScalarQuantizer(
            middles, dimension, count, eight_bits, faiss.METRIC_INNER_PRODUCT, False
        )
        # The index is to keep the middles alive, not this function.
        middles.this.disown()
        clusters.own_fields = True
        clusters.cp.niter = _ROUNDS
        clusters.cp.min_points_per_centroid = 1
        clusters.cp.max_points_per_centroid = 2 * _SAMPLES_PER_CLUSTER
        clusters.train(np.ascontiguousarray(sample, np.float32))
        return cls(clusters, VectorIndexInfo(CLUSTERED, units, count, min(_FIRST_PROBES, count)))

    def measured(
        self, found: Callable[["Codebook"], Sequence[NDArray[np.int64]]], wanted: Sequence[NDArray[np.int64]]
    ) -> "Codebook":
        """Give this codebook with as many clusters to look into as it takes to find .98 of what is ``wanted``.

        :param found: gives the passages that a search with a codebook finds for each query.
        :param wanted: the passages that are nearest to each query.
        """
        best = self
        while True:
            shares = [
                len(np.intersect1d(have, want)) / max(len(want), 1)
                for have, want in zip(found(best), wanted, strict=True)
            ]
            recall = float(np.mean(shares)) if shares else 1.0
            best = replace(best, info=replace(best.info, recall=round(recall, 4)))
            if recall >= _LEAST_RECALL or best.info.probes == best.info.clusters:
                return best
            best = replace(best, info=replace(best.info, probes=min(2 * best.info.probes, best.info.clusters)))

    def fits(self, units: int) -> bool:
        """Tell whether the codebook suits so many vectors."""
        return self.info.vectors / _OUTGROWN <= units <= self.info.vectors * _OUTGROWN

    def empty(self) -> Any:
        """Give a FAISS index of these clusters that holds no vector yet."""
        return load_faiss().clone_index(self.clusters)

    def save(self, folder: Path) -> None:
        """Write it into an existing folder.

        :raises OSError: if that fails.
        """
        (folder / _FILE).write_bytes(load_faiss().serialize_index(self.clusters).data)
        (folder / _NOTES).write_text(json.dumps(asdict(self.info)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Codebook":
        """Open what ``save`` wrote.

        :raises OSError: if it cannot be read.
        :raises ValueError: if it is damaged.
        """
        try:
            content = np.frombuffer((folder / _FILE).read_bytes(), np.uint8)
            notes = json.loads((folder / _NOTES).read_text(encoding="utf-8"))
            return cls(load_faiss().deserialize_index(content), VectorIndexInfo(**notes))
        except (RuntimeError, TypeError) as error:
            raise ValueError(f"{_FILE} is damaged: {error}") from error


def _cluster_count(units: int) -> int:
    return int(np.clip(2 ** round(np.log2(max(units, 1)) / 2), _FEWEST_CLUSTERS, _MOST_CLUSTERS))
