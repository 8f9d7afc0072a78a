from dataclasses import dataclass
from typing import Protocol

__all__ = [
    "ArchiveInfo",
    "Failure",
    "ProgressCallback",
    "Rename",
    "SyncReport",
    "VectorIndexInfo",
]


@dataclass(frozen=True, slots=True)
class ArchiveInfo:
    """What an archive holds. ``generation`` grows by one with every change of its contents."""

    path: str
    generation: int
    documents: int
    passages: int
    encoder: str


@dataclass(frozen=True, slots=True)
class VectorIndexInfo:
    """How vectors are searched: all of them (``exact``), or those of the nearest ``probes`` of so many ``clusters``.

    ``recall`` is the share of the ten nearest passages that was found when the clusters were made, asked with the
    archive's own sentences.
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
