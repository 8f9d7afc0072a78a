import io
import posixpath
import zipfile
import zlib

from retrieval.errors import SourceError

__all__ = ["ZippedParts"]

MAX_PART_BYTES = 128 * 1024 * 1024
MAX_TOTAL_BYTES = 512 * 1024 * 1024
MAX_PARTS = 20_000
# Text with much mark-up packs to a fiftieth; a bomb to a thousandth. Small parts may do as they like.
MAX_RATIO = 250
_RATIO_COUNTS_FROM_BYTES = 8 * 1024 * 1024

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class ZippedParts:
    """The parts of an office document or an electronic book, read within limits that a bomb cannot pass."""

    def __init__(self, data: bytes, source: str, format_name: str) -> None:
        """Look at the directory; nothing is unpacked yet.

        :param format_name: what the file should be, for messages.
        :raises SourceError: if it is no ZIP archive, or declares to unpack to more than the limits.
        """
        self._source = source
        self._format = format_name
        if data.startswith(_OLD_OFFICE):
            raise SourceError(
                f"{source}: this is an old office document or one with a password. Open it in an office program and "
                f"save it without a password as {format_name}."
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
            raise self._damaged(str(error)) from error
        entries = self._archive.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_PARTS or total > MAX_TOTAL_BYTES:
            raise SourceError(
                f"{source}: it would unpack to {total} bytes in {len(entries)} parts, more than the limits of "
                f"{MAX_TOTAL_BYTES} and {MAX_PARTS}. Leave it out if you do not know where it comes from, or split it."
            )
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        self._by_lower_case = {name.lower(): name for name in sorted(self._entries, reverse=True)}

    def names(self) -> tuple[str, ...]:
        """Give the parts' names in sorted order."""
        return tuple(sorted(self._entries))

    def find(self, name: str) -> str | None:
        """Give the name under which a part is stored, whichever case and dots the reference to it has."""
        plain = posixpath.normpath(name).lstrip("/")
        return plain if plain in self._entries else self._by_lower_case.get(plain.lower())

    def read(self, name: str) -> bytes:
        """Unpack one part.

        :param name: a name that ``find`` gave.
        :raises SourceError: if the part is damaged, locked, or larger than the limits or than it declares.
        """
        entry = self._entries[name]
        if entry.flag_bits & 1:
            raise SourceError(f"{self._source}: it is locked with a password. Save it without one.")
        too_dense = entry.file_size > max(_RATIO_COUNTS_FROM_BYTES, MAX_RATIO * entry.compress_size)
        if entry.file_size > MAX_PART_BYTES or too_dense:
            raise SourceError(
                f"{self._source}: its part {name} would unpack from {entry.compress_size} to {entry.file_size} bytes, "
                "as the bombs do that are made to fill a machine. Leave it out, or save it anew in the program that "
                "made it."
            )
        try:
            with self._archive.open(entry) as stream:
                data = stream.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
            raise self._damaged(f"part {name}: {error}") from error
        if len(data) != entry.file_size:
            raise self._damaged(f"part {name} has another size than it declares")
        return data

    def _damaged(self, detail: str) -> SourceError:
        return SourceError(
            f"{self._source}: this is no {self._format} file, or a damaged one ({detail}). Get a whole copy of it, "
            "or open it in the program that made it and save it anew."
        )
