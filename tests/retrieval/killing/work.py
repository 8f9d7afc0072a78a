"""What the processes do that are killed; each tells when it begins, and of each part that is done for good."""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import TypeAlias

import bot.cli.watch
from bot.cli.main import wenju
from retrieval import Archive, BackendChoice, SyncReport
from retrieval.index import SqliteStore
from retrieval.syncing import batches
from tests.retrieval.killing.scene import Scene

__all__ = ["Tell", "Work", "back_up", "migrate", "sync", "upload", "upload_to_milvus", "watch"]

Tell: TypeAlias = Callable[[str], None]
Work: TypeAlias = Callable[[Scene, Tell], None]


def sync(scene: Scene, tell: Tell) -> None:
    """Sync the files, and commit after each."""
    batches._FIRST_SECONDS, batches._WORK_TO_COMMIT = 0.0, 0.0
    with Archive.open(scene.archive, create=True, cache=scene.cache, database=scene.database or None) as archive:
        tell("begun")
        archive.sync([scene.files], progress=lambda done, _total, _label: tell(str(done)))


def watch(scene: Scene, tell: Tell) -> None:
    """Watch the files, as the command does."""
    os.environ["WENJU_CACHE"] = str(scene.cache)

    def tell_report(report: SyncReport, _wording: object) -> None:
        tell(json.dumps(asdict(report)))

    setattr(bot.cli.watch, "note_report", tell_report)  # noqa: B010
    tell("begun")
    wenju(["watch", str(scene.files), "--archive", str(scene.archive)])


def upload(scene: Scene, tell: Tell) -> None:
    """Add and remove files."""
    with Archive.open(scene.archive, create=True, cache=scene.cache) as archive:
        tell("begun")
        _upload(archive, tell)


def upload_to_milvus(scene: Scene, tell: Tell) -> None:
    """Add and remove files where Milvus is searched."""
    with Archive.open(scene.archive, create=True, cache=scene.cache, backend=BackendChoice("milvus")) as archive:
        # The first connection takes as long as what is to be killed.
        archive.add("3.txt", "第3号文件在这里。".encode())
        tell("begun")
        _upload(archive, tell)


def back_up(scene: Scene, tell: Tell) -> None:
    """Make one copy after the other while another thread adds and removes files."""
    with Archive.open(scene.archive, cache=scene.cache) as archive:
        archive.ask("渌江多长？")
        tell("begun")
        threading.Thread(target=_upload, args=(archive, lambda _: None), daemon=True).start()
        for number in count():
            archive.backup(scene.copy(number))
            tell(str(number))


def migrate(scene: Scene, tell: Tell) -> None:
    """Bring an archive of the first format up to date, and sync it, which notes what that format did not know."""
    tell("begun")
    SqliteStore.open(scene.archive).close()
    tell("0")
    with Archive.open(scene.archive, cache=scene.cache) as archive:
        archive.sync([scene.files])
        tell("1")


def _upload(archive: Archive, tell: Tell) -> None:
    for number in count():
        archive.add(f"{number % 3}.txt", f"第{number}号文件在这里。".encode())
        tell(str(number))
        if number % 4 == 3:
            archive.remove(next(info.id for info in archive.documents() if Path(info.source).stem in ("0", "1", "2")))
