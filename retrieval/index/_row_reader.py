"""What the rows of a store say, whichever database holds it."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retrieval.errors import ArchiveDamagedError
from retrieval.index._contents import to_checksum, to_passage
from retrieval.index._damage import damaged
from retrieval.types import Passage

if TYPE_CHECKING:
    from retrieval.reading import Layout


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows, and tells of one that cannot be what was written; each method raises ``ArchiveDamagedError`` then.

    ``store`` is the store's name in messages.
    """

    store: str

    def passage(self, row: Sequence[Any], text: str) -> Passage:
        """Read a passage of a document whose text is given."""
        try:
            return to_passage(row, text)
        except (KeyError, TypeError, ValueError) as error:
            raise self.damaged(f"passage {row[0]}: {error}") from error

    def text(self, document_id: str, data: str | bytes, checksum: int) -> str:
        """Read a document's text."""
        try:
            text, encoded = (data, data.encode()) if isinstance(data, str) else (data.decode(), data)
        except UnicodeDecodeError as error:
            raise self._altered(document_id) from error
        if to_checksum(encoded) != checksum:
            raise self._altered(document_id)
        return text

    def layout(self, document_id: str, data: bytes) -> "Layout":
        """Read what a document's file says beyond its characters."""
        # Reading files is no part of answering, and its modules take a tenth of a second to import.
        from retrieval.reading import Layout

        try:
            return Layout.from_bytes(data)
        except (zlib.error, ValueError, KeyError, TypeError) as error:
            raise self.damaged(f"the layout of document {document_id!r}: {error}") from error

    @contextmanager
    def told(self) -> Iterator[None]:
        """Take a ``ValueError`` of the block for damage."""
        try:
            yield
        except ValueError as error:
            raise self.damaged(error) from error

    def missing(self, document_id: str) -> ArchiveDamagedError:
        """Word the error for a document whose passages are there and itself is not."""
        return self.damaged(f"document {document_id!r} is missing")

    def damaged(self, finding: object) -> ArchiveDamagedError:
        """Word the error for what must not be."""
        return damaged(self.store, finding)

    def _altered(self, document_id: str) -> ArchiveDamagedError:
        return self.damaged(f"the text of document {document_id!r} is not what was written")
