import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from retrieval.index import SqliteStore, Store, StoreHome, store_home
from retrieval.types import LOCAL
from tests.retrieval.index.samples import DIMENSION


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> StoreHome:
    """Where no store is yet, in a folder or in a PostgreSQL of our own."""
    if request.param == "sqlite":
        return store_home(tmp_path / "archive")
    return store_home(tmp_path / "archive", request.getfixturevalue("database"))


@pytest.fixture
def store(home: StoreHome) -> Iterator[Store]:
    """An empty store, one after the other in each database that may hold it."""
    with home.create(encoder="test", dimension=DIMENSION, backend=LOCAL) as created:
        yield created


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.create(tmp_path / "archive", encoder="test", dimension=DIMENSION) as created:
        yield created


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of 1 MB, which only root can do."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting a file system is not permitted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def make_read_only(small_disk: Path) -> Callable[[], None]:
    """Make ``small_disk`` read-only, as a medium or a container's volume may be."""

    def remount() -> None:
        subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    return remount
