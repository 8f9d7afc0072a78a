"""The paragraphs that stand more than once in an archive, in one file or in several."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import StorageError
from retrieval.index import DerivedFiles, Snapshot
from retrieval.language.duplicates import find_copies
from retrieval.types import BlockKind, Copies, CopyPlace

__all__ = ["archive_copies"]

_FOLDER = "copies"
_FILE = "groups.json"
_PART = "groups"
# To be raised with every change of what counts as a copy.
_RECIPE = "1"


@dataclass(frozen=True, slots=True)
class _Groups:
    """Passages that say the same, by their ids, the one that is kept first."""

    ids: tuple[tuple[int, ...], ...]

    def save(self, folder: Path) -> None:
        (folder / _FILE).write_text(json.dumps(self.ids, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "_Groups":
        return cls(tuple(tuple(ids) for ids in json.loads((folder / _FILE).read_text(encoding="utf-8"))))


def archive_copies(snapshot: Snapshot, path: Path, document_id: str | None) -> list[Copies]:
    """Give the paragraphs that stand more than once, sorted by the id of the one that is kept.

    They are looked for once for each state of the contents, half a second for a thousand paragraphs, and noted in the
    archive's folder where that can be written.

    :param document_id: give those that stand in this document too; None for all.
    :raises UnknownDocumentError: if there is none of this id.
    """
    if document_id is not None:
        snapshot.source(document_id)
    found = [_located(snapshot, ids) for ids in _groups(snapshot, path).ids]
    return [
        copies
        for copies in found
        if document_id is None or any(place.document_id == document_id for place in (copies.kept, *copies.copies))
    ]


def _groups(snapshot: Snapshot, path: Path) -> _Groups:
    files = DerivedFiles(path / _FOLDER, recipe=_RECIPE)
    folder = files.load(snapshot.version)
    if folder is not None:
        return _Groups.load(folder / _PART)
    groups = _find(snapshot)
    try:
        files.save(snapshot.version, {_PART: groups})
    except StorageError:
        return groups  # an archive on a disk that cannot be written is searched again the next time
    return groups


def _find(snapshot: Snapshot) -> _Groups:
    ids, texts = [], []
    for passage in snapshot.iter_passages():
        if passage.kind is BlockKind.PARAGRAPH:
            ids.append(passage.id)
            texts.append(passage.text)
    return _Groups(tuple((ids[group.kept], *(ids[copy] for copy in group.copies)) for group in find_copies(texts)))


def _located(snapshot: Snapshot, ids: Sequence[int]) -> Copies:
    kept, *others = (
        CopyPlace(passage.id, passage.document_id, snapshot.source(passage.document_id), passage.spans)
        for passage in snapshot.passages(ids)
    )
    return Copies(kept, tuple(others))
