import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from retrieval.errors import SourceError
from retrieval.reading.formats import SUPPORTED_SUFFIXES, reader_for
from retrieval.reading.naming import FoundFile, SourceFile, assign_names, shown
from retrieval.types import Failure

__all__ = ["Discovery", "SourceFile", "find_sources"]

_SUPPORTED = frozenset(SUPPORTED_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files that were found, sorted by name, and what could not be looked at.

    ``ignored`` names the files in folders that have no supported suffix.
    """

    sources: tuple[SourceFile, ...]
    failures: tuple[Failure, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class _Findings:
    """What the walk has come across so far, outside of the real folder ``left_out``."""

    left_out: str | None
    files: list[FoundFile] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def is_left_out(self, real: str) -> bool:
        """Tell whether a real path is to be passed over."""
        left_out = self.left_out
        return left_out is not None and (real == left_out or real.startswith(os.path.join(left_out, "")))  # noqa: PTH118

    def add(self, root: str, relative: str, real: str, is_link: bool) -> None:
        """Take a file that was found on its own or by a link."""
        if not self.is_left_out(real):
            self.files.append(FoundFile(root, relative, real, is_link))


def find_sources(paths: Iterable[str | os.PathLike[str]], *, leaving_out: Path | None = None) -> Discovery:
    """Look for the files to read.

    A folder is searched with all its folders for files with a supported suffix; hidden files and folders in it are
    passed over. A symbolic link in it is followed to a file inside the folder only. A file that is named itself must
    have a supported suffix or none. A file that several paths lead to is one source, named from the outermost folder.
    For the names see ``assign_names``.

    :param paths: files and folders.
    :param leaving_out: a folder in which nothing is looked for.
    :return: what was found; a path that does not exist or cannot be looked at is among the failures.
    """
    findings = _Findings(os.path.realpath(leaving_out) if leaving_out is not None else None)
    for given in paths:
        path = Path(given)
        try:
            absolute = Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links and rename the root
            if absolute.is_dir():
                _walk(str(absolute), findings)
            elif absolute.is_file():
                reader_for(absolute.name)
                findings.add(str(absolute.parent), absolute.name, os.path.realpath(absolute), absolute.is_symlink())
            else:
                findings.failures.append(Failure(shown(path), _absence(absolute)))
        except SourceError as error:
            findings.failures.append(Failure(shown(path), str(error).removeprefix(f"{absolute.name}: ")))
        except (OSError, ValueError) as error:
            # ValueError: the path holds a null character.
            findings.failures.append(Failure(shown(path), f"the path cannot be looked at: {error}. Check the path."))
    sources, unnamed = assign_names(_one_each(findings.files))
    return Discovery(
        sources=tuple(sorted(sources, key=lambda file: file.source)),
        failures=tuple(sorted({*findings.failures, *unnamed}, key=lambda failure: (failure.source, failure.reason))),
        ignored=tuple(sorted(set(findings.ignored))),
    )


def _absence(path: Path) -> str:
    if os.path.lexists(path):
        return "this is neither a file nor a folder, or a link that leads nowhere. Name a file or a folder."
    return "there is no such file or folder. Check the path."


def _walk(root: str, findings: _Findings) -> None:
    """Look through a folder; paths are kept as texts, as a ``Path`` for each file takes longer than finding it."""
    # No link to a folder is followed, so that what is below the root is below the real one as well.
    real_root = os.path.realpath(root)
    folders = [""]
    while folders:
        above = folders.pop()
        if findings.is_left_out(_joined(real_root, above)):
            continue
        try:
            with os.scandir(_joined(root, above)) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            reason = f"the folder cannot be read: {error.strerror}. Check its permissions."
            findings.failures.append(Failure(shown(above or root), reason))
            continue
        for entry in visible:
            relative = _joined(above, entry.name)
            if entry.is_symlink():
                _follow(root, real_root, relative, findings)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(relative)
            elif not _is_supported(relative):
                findings.ignored.append(shown(relative))
            elif entry.is_file(follow_symlinks=False):
                findings.files.append(FoundFile(root, relative, _joined(real_root, relative)))
            else:
                findings.failures.append(Failure(shown(relative), "this is not a regular file. Leave it out."))


def _follow(root: str, real_root: str, link: str, findings: _Findings) -> None:
    """Take a link to a file inside the folder; a folder inside is walked where it stands."""
    supported = _is_supported(link)
    try:
        target = Path(os.path.realpath(_joined(root, link), strict=True))
    except OSError as error:
        if supported or not PurePath(link).suffix:
            reason = f"the link cannot be followed: {error.strerror}. Remove it or repair it."
            findings.failures.append(Failure(shown(link), reason))
        return
    is_folder = target.is_dir()
    if not is_folder and not supported:
        findings.ignored.append(shown(link))
    elif not target.is_relative_to(real_root):
        reason = "the link leads out of the folder and is not followed. Name its target as a path of its own."
        findings.failures.append(Failure(shown(link), reason))
    elif not is_folder:
        findings.add(root, link, str(target), is_link=True)


def _joined(above: str, name: str) -> str:
    return os.path.join(above, name) if above and name else above or name  # noqa: PTH118 - plain texts


def _is_supported(path: str) -> bool:
    return os.path.splitext(path)[1].lower() in _SUPPORTED  # noqa: PTH122 - a plain text


def _one_each(files: list[FoundFile]) -> list[FoundFile]:
    """Keep one way to each file: not by a link if there is another, and the longest name."""

    def preference(file: FoundFile) -> tuple[bool, int, str]:
        return (file.is_link, -file.relative.count(os.sep), file.path)

    best: dict[str, FoundFile] = {}
    for file in files:
        other = best.setdefault(file.real, file)
        if other is not file and preference(file) < preference(other):
            best[file.real] = file
    return list(best.values())
