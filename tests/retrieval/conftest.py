import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import Archive

_NOBODY = 65534


@pytest.fixture
def archive(tmp_path: Path, encoder_cache: Path) -> Iterator[Archive]:
    """Give a new, empty archive in ``tmp_path / "archive"``."""
    with Archive.open(tmp_path / "archive", create=True, cache=encoder_cache) as created:
        yield created


@pytest.fixture
def ordinary_home(tmp_path: Path, encoder_cache: Path) -> Iterator[Path]:
    """Give a folder of an ordinary user, as whom the test runs: root may write whatever is read-only.

    It has a copy of the encoder's cache as ``cache``.
    """
    if not hasattr(os, "geteuid"):
        pytest.skip("users and permissions of POSIX")
    if os.geteuid() != 0:
        _copy(encoder_cache, tmp_path / "cache")
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp())
    _copy(encoder_cache, folder / "cache")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)


def _copy(cache: Path, to: Path) -> None:
    # A run of these tests alone may not have made one yet.
    if cache.exists():
        shutil.copytree(cache, to)
