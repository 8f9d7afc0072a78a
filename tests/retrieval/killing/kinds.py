import multiprocessing
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from retrieval import Archive
from tests.retrieval.index.test_migration import FILES, make
from tests.retrieval.killing import checks, work
from tests.retrieval.killing.scene import Scene
from tests.retrieval.samples import RIVER, write_files

__all__ = ["KINDS", "Outcome", "kill_once"]

_FILES = 6
_CHANGES = 5
_LOOK_SECONDS = 0.002


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a kill hit: how many parts of its work the process had told as done, and whether it still worked."""

    kind: str
    reported: int
    killed: bool


@dataclass(frozen=True, slots=True)
class _Kind:
    """A way of working: what the process does, on what, and what must be left.

    It is killed after any of its words, the first of which is that it begins, within about as many ``seconds`` as
    it works until the next one.
    """

    work: work.Work
    seconds: tuple[float, ...]
    check: Callable[[Scene, Sequence[str]], None]
    prepare: Callable[[Scene, random.Random], None]
    changes: bool = False


def _files(scene: Scene, _chance: random.Random) -> None:
    scene.fill(_FILES)


def _synced_files(scene: Scene, chance: random.Random) -> None:
    scene.fill(_FILES)
    with Archive.open(scene.archive, create=True, cache=scene.cache) as archive:
        archive.sync([scene.files])
    for _ in range(_CHANGES):
        scene.change(chance)


def _files_and_upload(scene: Scene, _chance: random.Random) -> None:
    scene.fill(2)
    with Archive.open(scene.archive, create=True, cache=scene.cache) as archive:
        archive.sync([scene.files])
        archive.add("kept.txt", RIVER.encode())


def _older(scene: Scene, _chance: random.Random) -> None:
    make(scene.archive, 1)
    write_files(scene.files, FILES)


KINDS = {
    "milvus": _Kind(work.upload_to_milvus, (0.5,) * 8, checks.check_milvus, _files),
    "sync": _Kind(work.sync, (0.2,) * _FILES, checks.check_sync, _files),
    "change": _Kind(work.sync, (0.3,) * 4, checks.check_change, _synced_files),
    "postgresql": _Kind(work.sync, (0.2,) * _FILES, checks.check_postgresql, _files),
    "upload": _Kind(work.upload, (0.3,) * 8, checks.check_upload, _files),
    "backup": _Kind(work.back_up, (0.3,) * 6, checks.check_backup, _files_and_upload),
    "migration": _Kind(work.migrate, (0.05, 1.0), checks.check_migration, _older),
    "watch": _Kind(work.watch, (4.0,) * 3, checks.check_watch, _files, changes=True),
}


def kill_once(kind: str, seed: int, folder: Path, cache: Path, database: str = "") -> Outcome:
    """Start work of a kind in ``folder``, kill it at a moment that ``seed`` gives, and check the archive.

    :param database: where the kind ``postgresql`` may make an archive.
    :raises AssertionError: if the archive does not open, is not sound, or lacks what was reported as done.
    """
    chance = random.Random(seed)
    chosen = KINDS[kind]
    scene = Scene(folder, cache, database if kind == "postgresql" else "")
    chosen.prepare(scene, chance)
    # Its processes have imported everything before they begin.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__name__])
    ear, mouth = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(chosen.work, scene, mouth), daemon=True)
    child.start()
    mouth.close()
    with ear:
        assert ear.recv() == "begun"
        told: list[str] = []
        killed = _kill(child, chosen, scene, ear, told, chance)
        child.join()
        told += _heard(ear)
    chosen.check(scene, told)
    return Outcome(kind, len(told), killed)


def _run(chosen: work.Work, scene: Scene, mouth: Connection) -> None:
    chosen(scene, mouth.send)


def _kill(
    child: BaseProcess, kind: _Kind, scene: Scene, ear: Connection, told: list[str], chance: random.Random
) -> bool:
    """Kill a process at its moment, unless it ends before; tell whether it was killed."""
    words = chance.randrange(len(kind.seconds))
    wait = chance.uniform(0, kind.seconds[words])
    moment = None
    next_change = time.monotonic() if kind.changes else float("inf")
    while child.is_alive():
        told += _heard(ear)
        now = time.monotonic()
        if moment is None and len(told) >= words:
            moment = now + wait
        if moment is not None and now >= moment:
            child.kill()
            return True
        if now >= next_change:
            scene.change(chance)
            next_change = now + chance.uniform(0, 4)
        time.sleep(_LOOK_SECONDS)
    return False


def _heard(ear: Connection) -> list[str]:
    """Give the words that have come, of a process that may have gone."""
    words: list[str] = []
    try:
        while ear.poll():
            words.append(ear.recv())
    except (EOFError, OSError):
        pass
    return words
