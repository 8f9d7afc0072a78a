import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import SourceError
from retrieval.reading.formats import SUPPORTED_SUFFIXES, reader_for
from retrieval.reading.naming import FoundFile, SourceFile, assign_names, shown
from retrieval.types import Failure

__all__ = ["Discovery", "SourceFile", "find_sources"]


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
    """What the walk has come across so far."""

    files: list[FoundFile] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def find_sources(paths: Iterable[str | os.PathLike[str]]) -> Discovery:
    """Look for the files to read.

    A folder is searched with all its folders for files with a supported suffix; hidden files and folders in it are
    passed over. A symbolic link in it is followed to a file inside the folder only. A file that is named itself must
    have a supported suffix or none. A file that several paths lead to is one source, named from the outermost folder.
    For the names see ``assign_names``.

    :param paths: files and folders.
    :return: what was found; a path that does not exist or cannot be looked at is among the failures.
    """
    findings = _Findings()
    for given in paths:
        path = Path(given)
        try:
            absolute = Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve would follow links and rename the root
            if absolute.is_dir():
                _walk(absolute, findings)
            elif absolute.is_file():
                reader_for(absolute.name)
                findings.files.append(FoundFile(absolute.parent, Path(absolute.name), absolute, absolute.is_symlink()))
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


def _walk(root: Path, findings: _Findings) -> None:
    real_root = root.resolve()
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                visible = [entry for entry in entries if not entry.name.startswith(".")]
        except OSError as error:
            reason = f"the folder cannot be read: {error.strerror}. Check its permissions."
            findings.failures.append(Failure(shown(folder if folder == root else folder.relative_to(root)), reason))
            continue
        above = folder.relative_to(root)
        for entry in visible:
            relative = above / entry.name
            if entry.is_symlink():
                _follow(root, real_root, relative, findings)
            elif entry.is_dir(follow_symlinks=False):
                folders.append(Path(entry.path))
            elif relative.suffix.lower() not in SUPPORTED_SUFFIXES:
                findings.ignored.append(shown(relative))
            elif entry.is_file(follow_symlinks=False):
                findings.files.append(FoundFile(root, relative, folder / entry.name))
            else:
                findings.failures.append(Failure(shown(relative), "this is not a regular file. Leave it out."))


def _follow(root: Path, real_root: Path, link: Path, findings: _Findings) -> None:
    """Take a link to a file inside the folder; a folder inside is walked where it stands."""
    supported = link.suffix.lower() in SUPPORTED_SUFFIXES
    try:
        target = Path(os.path.realpath(root / link, strict=True))
    except OSError as error:
        if supported or not link.suffix:
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
        findings.files.append(FoundFile(root, link, root / link, is_link=True))


def _one_each(files: list[FoundFile]) -> list[FoundFile]:
    """Keep one way to each file: not by a link if there is another, and the longest name."""

    def preference(file: FoundFile) -> tuple[bool, int, str]:
        return (file.is_link, -len(file.relative.parts), str(file.path))

    best: dict[str, FoundFile] = {}
    # Looking a path up, part by part, is what finding a file costs; most stand in a few folders.
    folders: dict[Path, str] = {}
    for file in sorted(files, key=preference):
        folder = file.path.parent
        if folder not in folders:
            folders[folder] = os.path.realpath(folder)
        real = os.path.realpath(file.path) if file.is_link else os.path.join(folders[folder], file.path.name)  # noqa: PTH118
        best.setdefault(real, file)
    return list(best.values())
