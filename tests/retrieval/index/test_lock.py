import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from retrieval.errors import ArchiveLockedError, StorageError
from retrieval.index import WriteLock
from tests.retrieval.index.samples import start_python

HOLD = """
import sys
from pathlib import Path
from retrieval.index import WriteLock
with WriteLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_second_process_is_told_who_writes(tmp_path: Path) -> None:
    with start_python(HOLD, tmp_path) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(ArchiveLockedError, match=rf"Process {child.pid} is writing .* end process {child.pid},"):
            WriteLock(tmp_path).acquire()
        child.communicate("\n")
    with WriteLock(tmp_path):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX does")
def test_dead_process_holds_no_lock(tmp_path: Path) -> None:
    with start_python(HOLD, tmp_path) as child:
        assert child.stdout is not None
        child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.wait()
        with WriteLock(tmp_path):
            pass


def test_second_lock_of_this_process_is_refused_until_the_first_is_released(tmp_path: Path) -> None:
    with WriteLock(tmp_path / "new"), pytest.raises(ArchiveLockedError, match=f"Process {os.getpid()} "):
        WriteLock(tmp_path / "new").acquire()
    lock = WriteLock(tmp_path / "new")
    lock.acquire()
    lock.release()
    lock.release()


def test_folder_that_cannot_be_written_is_told(small_disk: Path, make_read_only: Callable[[], None]) -> None:
    make_read_only()
    with pytest.raises(StorageError, match="cannot be written"):
        WriteLock(small_disk).acquire()


def test_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        WriteLock(tmp_path / "file").acquire()
