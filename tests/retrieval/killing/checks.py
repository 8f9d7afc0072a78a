"""What must be left of an archive whose process was killed; each check is given what the process had told as done."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from retrieval import Archive
from retrieval.errors import ArchiveEmptyError, ArchiveLockedError, ArchiveMissingError
from retrieval.reading import document_id
from retrieval.types import SyncReport
from tests.retrieval.killing.scene import Scene
from tests.retrieval.samples import COURT, LIBRARY, RIVER

__all__ = [
    "check_backup",
    "check_change",
    "check_migration",
    "check_milvus",
    "check_postgresql",
    "check_sync",
    "check_upload",
    "check_watch",
]

# How long a server may take to notice that a process is dead, and to let go of its lock.
_NOTICED_SECONDS = 10.0


def check_sync(scene: Scene, done: Sequence[str]) -> None:
    """What was told is there, and another sync brings the rest."""
    _check_told(scene, scene.archive, _number(done), scene.database)


def check_postgresql(scene: Scene, done: Sequence[str]) -> None:
    """So it is in a database, and another machine finds the same."""
    _check_told(scene, scene.archive, _number(done), scene.database)
    _check_told(scene, scene.folder / "another", len(scene.texts()), scene.database)


def check_change(scene: Scene, done: Sequence[str]) -> None:
    """What was told is as the files are, the rest as they were before, and another sync makes them equal."""
    with _sound(scene.archive, scene) as archive:
        assert archive is not None
        held = _texts(archive)
        _check_versions(scene, held)
        files = scene.texts()
        if (told := _number(done)) > 0:
            assert sum(files.get(name) == text for name, text in held.items()) >= told
            assert not held.keys() & (scene.gone - files.keys())
        _check_equal(scene, archive)


def check_watch(scene: Scene, done: Sequence[str]) -> None:
    """Every file that was told is there, if it has not gone since, and a sync makes the archive equal the files."""
    told: set[str] = set()
    for line in done:
        report = json.loads(line)
        assert {failure["source"] for failure in report["failures"]} <= scene.gone, report
        told |= {*report["added"], *report["changed"], *(rename["source"] for rename in report["renamed"])}
    with _sound(scene.archive, scene) as archive:
        if archive is None:
            assert not told
            return
        held = _texts(archive)
        _check_versions(scene, held)
        assert told - scene.gone <= held.keys()
        _check_equal(scene, archive)


def check_upload(scene: Scene, done: Sequence[str]) -> None:
    """The upload that was told last is there, and every file belongs to its text."""
    with _sound(scene.archive, scene) as archive:
        if archive is None:
            assert not done
            return
        _check_originals(archive)
        _check_last_upload(archive, _number(done))


def check_milvus(scene: Scene, done: Sequence[str]) -> None:
    """So it is where Milvus is searched, which gives no passage that is gone, and is tidied by the next change."""
    with _sound(scene.archive, scene, "of this archive instead of") as archive:
        assert archive is not None
        _check_originals(archive)
        for info in archive.documents():
            text = archive.document(info.id).text
            assert [hit.passage.text for hit in archive.search(text, 9) if hit.source == info.source] == [text]
        _check_last_upload(archive, _number(done))
        archive.add("last.txt", RIVER.encode())
        assert archive.check().findings == ()
        assert archive.search("渌江多长？", 1)[0].source == "uploads/last.txt"


def check_backup(scene: Scene, done: Sequence[str]) -> None:
    """The archive and every copy that was told are whole; what was not is whole too, or no archive."""
    for number in range(-1, _number(done) + 2):
        path = scene.archive if number < 0 else scene.copy(number)
        with _sound(path, scene) as archive:
            if archive is None:
                assert number == _number(done) + 1
                continue
            assert {"00.txt", "01.txt", "uploads/kept.txt"} <= _texts(archive).keys()
            _check_originals(archive)


def check_migration(scene: Scene, _done: Sequence[str]) -> None:
    """Nothing that the older archive had is lost, and a sync finds nothing to do but to note the files' places."""
    with _sound(scene.archive, scene) as archive:
        assert archive is not None
        texts = {"court.txt": COURT, "library.txt": LIBRARY, "river.txt": RIVER}
        assert _texts(archive) == texts
        assert archive.sync([scene.files]).unchanged == tuple(texts)
        assert archive.info().generation == 1
        _check_originals(archive)


def _check_told(scene: Scene, path: Path, told: int, database: str) -> None:
    files = scene.texts()
    with _sound(path, scene, database=database) as archive:
        if archive is None:
            assert told <= 0
            return
        held = _texts(archive)
        assert set(sorted(files)[: max(told, 0)]) <= held.keys()
        assert held.items() <= files.items()
        report = _synced(archive, scene.files)
        assert not report.failures
        assert set(report.unchanged) >= held.keys()
        assert _texts(archive) == files


def _check_versions(scene: Scene, held: dict[str, str]) -> None:
    for name, text in held.items():
        assert text in scene.versions[name]


def _check_equal(scene: Scene, archive: Archive) -> None:
    """See that a sync makes all equal, and leaves no trace of what is gone, whatever the killed process left."""
    assert not archive.sync([scene.files]).failures
    assert _texts(archive) == scene.texts()
    assert archive.check().findings == ()
    marks = scene.lost_marks()
    for path in sorted(scene.archive.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            assert [mark for mark in marks if mark in data] == [], path


def _check_originals(archive: Archive) -> None:
    for info in archive.documents():
        if info.uploaded:
            assert archive.original(info.id).data.decode() == archive.document(info.id).text


def _check_last_upload(archive: Archive, told: int) -> None:
    if told >= 0 and told % 4 != 3:
        # The next one may have come, but none of this name was told since.
        text = archive.document(document_id(f"uploads/{told % 3}.txt")).text
        assert text == f"第{told}号文件在这里。"


def _number(done: Sequence[str]) -> int:
    return int(done[-1]) if done else -1


def _texts(archive: Archive) -> dict[str, str]:
    return {info.source: archive.document(info.id).text for info in archive.documents()}


def _synced(archive: Archive, files: Path) -> SyncReport:
    deadline = time.monotonic() + _NOTICED_SECONDS
    while True:
        try:
            return archive.sync([files])
        except ArchiveLockedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


@contextmanager
def _sound(
    path: Path, scene: Scene, allowed: str = "belongs to no document", database: str = ""
) -> Iterator[Archive | None]:
    """Lend the archive when it has passed the doctor, who may have to make indexes but nothing else.

    None if the process was killed before the archive was made.

    :param allowed: what may be found too, until the next change removes it.
    """
    try:
        archive = Archive.open(path, cache=scene.cache, database=database or None)
    except ArchiveMissingError:
        yield None
        return
    with archive:
        try:
            archive.ask("渌江多长？")
        except ArchiveEmptyError:
            assert archive.documents() == []
        # An upload whose document was not written yet is swept away by the next change.
        harmless = ("belongs to no document", allowed)
        findings = [f for f in archive.check().findings if not any(text in f.problem for text in harmless)]
        assert findings == [], path
        yield archive
