import os
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from retrieval.types import Failure

__all__ = ["FoundFile", "SourceFile", "assign_names", "shown"]

# Controls and the two separators that end a line.
_UNSHOWN = frozenset({"Cc", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read and its name inside the archive."""

    path: Path
    source: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that stands at ``relative`` below the absolute folder ``root``; all are paths as the system writes them.

    ``real`` is where it stands when all links are followed, ``is_link`` whether the file itself, not a folder above it,
    is one. Plain texts, because there may be a hundred thousand of them.
    """

    root: str
    relative: str
    real: str
    is_link: bool = False

    @property
    def path(self) -> str:
        """The file's absolute path."""
        return os.path.join(self.root, self.relative)  # noqa: PTH118 - a plain text


def assign_names(found: Sequence[FoundFile]) -> tuple[list[SourceFile], list[Failure]]:
    """Name each file by its path below its root, in POSIX form.

    Where several files would get the same name, each of them gets its root folder's name in front, then that folder's
    parent's, until the names differ.

    :return: the named files, and a failure for each file that no name tells from another: two names in one folder
        that differ only in what cannot be shown.
    """
    folders = [0] * len(found)
    names = [_name(file, 0) for file in found]
    while True:
        groups = defaultdict(list)
        for index, name in enumerate(names):
            groups[name].append(index)
        clashing = [index for group in groups.values() if len(group) > 1 for index in group]
        growing = [index for index in clashing if folders[index] < len(PurePath(found[index].root).parts) - 1]
        if not growing:
            break
        for index in growing:
            folders[index] += 1
            names[index] = _name(found[index], folders[index])
    failures = [
        Failure(
            _name(found[index], 0),
            f"the names of {len(clashing)} files look the same when shown as text. Rename them to plain names.",
        )
        for index in clashing
    ]
    left_out = set(clashing)
    named = [SourceFile(Path(file.path), names[index]) for index, file in enumerate(found) if index not in left_out]
    return named, failures


def shown(path: str | PurePath) -> str:
    r"""Give a path in POSIX form as one line of valid text.

    Bytes that are not UTF-8 and control characters appear as escapes such as ``\xff`` and ``\n``.
    """
    text = str(path).replace(os.sep, "/")
    # Half of a surrogate pair, which stands for a byte that is not UTF-8, is none that can be shown.
    if text.isprintable():
        return text
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        character.encode("unicode_escape").decode() if unicodedata.category(character) in _UNSHOWN else character
        for character in text
    )


def _name(file: FoundFile, folders: int) -> str:
    if not folders:
        return shown(file.relative)
    parts = PurePath(file.root).parts
    return shown(PurePath(*parts[len(parts) - folders :], file.relative))
