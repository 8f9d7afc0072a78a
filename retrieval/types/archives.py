from dataclasses import dataclass, field
from typing import Protocol

__all__ = [
    "LOCAL",
    "MILVUS",
    "ArchiveInfo",
    "BackendChoice",
    "Failure",
    "ProgressCallback",
    "Rename",
    "SyncReport",
    "VectorIndexInfo",
]

LOCAL = "local"
"""The backend that keeps all in the archive's folder."""

MILVUS = "milvus"
"""The backend that has passages searched by Milvus: on a server, or embedded in the process."""


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """Where an archive's passages are to be searched.

    ``name`` is ``LOCAL``, ``MILVUS``, or None for the one that the archive was made with. ``uri`` is the address of a
    Milvus server, ``http://HOST:19530``, or a path that ends with ``.db`` for the embedded one; None for one in the
    archive's own folder. ``token`` is what the server asks for: ``USER:PASSWORD``, or a key.
    """

    name: str | None = None
    uri: str | None = None
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check the name."""
        if self.name not in (None, LOCAL, MILVUS):
            raise ValueError(f"there is no backend {self.name!r}: choose {LOCAL} or {MILVUS}")


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """What an archive holds. ``generation`` grows by one with every change of its contents."""

    path: str
    generation: int
    documents: int
    passages: int
    encoder: str
    backend: str = LOCAL


@dataclass(frozen=True, slots=True)
class VectorIndexInfo:
    """How vectors are searched: all of them (``exact``), or those of the nearest ``probes`` of so many ``clusters``.

    A third kind is ``milvus``, whose recall is not measured here. ``recall`` is the share of the ten nearest passages
    that was found when the clusters were made, asked with the archive's own sentences.
    """

    kind: str
    vectors: int
    clusters: int = 0
    probes: int = 0
    recall: float = 1.0


@dataclass(frozen=True, slots=True)
class Failure:
    """A file of which something, or all, could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rename:
    """A file that has another name than before, and the same bytes."""

    source: str
    earlier: str


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did to the archive, or would do, as source names in sorted order.

    ``failures`` are files that were left out, ``warnings`` what could not be read of files that were taken in.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[Rename, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


class ProgressCallback(Protocol):
    """Told about long work: ``done`` of ``total`` steps are finished, and ``label`` is the one worked on last.

    What a sync tells as done has been written to the disk for good.
    """

    def __call__(self, done: int, total: int, label: str) -> None:
        """Take note of the progress; must return soon and not raise."""
