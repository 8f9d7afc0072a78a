import os
from contextlib import suppress
from pathlib import Path


def linked(source: Path, target: Path) -> bool:
    """Give the files of a folder a second name in another; tell whether that could be done."""
    try:
        for file in source.iterdir():
            os.link(file, target / file.name)
    except OSError:
        # The file system has no such names, or another process has removed the files.
        for file in target.iterdir():
            with suppress(OSError):
                file.unlink()
        return False
    return True
