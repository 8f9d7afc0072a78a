import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from retrieval.answering import MAX_QUOTE, Answerer, around
from retrieval.encoding import DEFAULT_ENCODER, spec_of
from retrieval.engine import Engine
from retrieval.errors import ArchiveMissingError, StorageError
from retrieval.index import Snapshot, Store, Uploads, WriteLock
from retrieval.search import Searcher, analyse, explain
from retrieval.types import (
    Answer,
    ArchiveInfo,
    CheckReport,
    Copies,
    Document,
    DocumentInfo,
    Examination,
    Explanation,
    Filters,
    Hit,
    Original,
    Outline,
    PageSize,
    Place,
    ProgressCallback,
    Quote,
    Span,
    SyncReport,
    Turn,
)

if TYPE_CHECKING:
    from retrieval.upkeep import Editor

__all__ = ["Archive", "View"]


@dataclass(frozen=True, slots=True)
class View:
    """One state of an archive's contents, and the searcher over it."""

    snapshot: Snapshot
    searcher: Searcher


class Archive:
    """A folder of documents that can be asked: the one door to this library.

    Any number of threads and processes may ask while one syncs; a question is answered from one state of the
    contents. Results are deterministic: the same archive and question give the same answer.
    """

    def __init__(self, path: Path, store: Store, engine: Engine) -> None:
        """Use ``Archive.open`` instead."""
        self._path = path
        self._store = store
        self._engine = engine

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool = False,
        encoder: str | None = None,
        cache: str | os.PathLike[str] | None = None,
    ) -> "Archive":
        """Open the archive in the folder ``path``.

        :param create: make an empty archive when there is none.
        :param encoder: ``universal`` or ``sentence-transformers:MODEL``; None for the one that built the archive.
        :param cache: a folder for the unpacked encoder and dictionary, 85 MB that several archives can share; None for
            one in the archive's own folder.
        :raises ArchiveMissingError: if there is no archive and ``create`` is not set.
        :raises ArchiveFormatError: if it was written by another version of this project.
        :raises ArchiveDamagedError: if its database is damaged.
        :raises EncoderMismatchError: if it was built with another encoder than ``encoder``.
        :raises EncoderError: if the encoder of a new archive cannot be loaded.
        :raises StorageError: if the folder cannot be read, or not be written when it must be made.
        """
        folder, kept = Path(path), Path(cache) if cache is not None else None
        try:
            store = Store.open(folder)
        except ArchiveMissingError:
            if not create:
                raise
            return cls._create(folder, encoder or DEFAULT_ENCODER, kept)
        archive = cls(folder, store, Engine(folder, encoder or spec_of(store.encoder), kept))
        if encoder is not None and encoder.partition(":")[0] != spec_of(store.encoder).partition(":")[0]:
            with archive:
                raise archive._engine.mismatch(store.encoder)
        return archive

    @classmethod
    def _create(cls, folder: Path, spec: str, cache: Path | None) -> "Archive":
        if folder.exists() and not folder.is_dir():
            raise StorageError(f"{folder} is a file; give a folder for the archive")
        with WriteLock(folder):
            engine = Engine(folder, spec, cache)
            loaded = engine.encoder()
            try:
                store = Store.open(folder)
            except ArchiveMissingError:
                store = Store.create(folder, encoder=loaded.name, dimension=loaded.dimension)
        return cls(folder, store, engine)

    @classmethod
    def rebuild(
        cls,
        path: str | os.PathLike[str],
        paths: Iterable[str | os.PathLike[str]],
        *,
        encoder: str | None = None,
        progress: ProgressCallback | None = None,
        cache: str | os.PathLike[str] | None = None,
    ) -> SyncReport:
        """Build the archive in the folder ``path`` anew from files, whatever encoder, format or damage it has now.

        An archive that cannot be opened is kept beside the new one, under another name.

        :raises WenjuError: as ``open`` and ``sync`` do.
        """
        folder = Path(path)
        Store.set_aside_unreadable(folder)
        with cls.open(folder, create=True, cache=cache) as archive:
            if encoder is not None:
                archive._engine.use_encoder(encoder)
            return archive._editor().rebuild(map(Path, paths), progress)

    @classmethod
    def reencode(
        cls,
        path: str | os.PathLike[str],
        *,
        encoder: str | None = None,
        progress: ProgressCallback | None = None,
        cache: str | os.PathLike[str] | None = None,
    ) -> int:
        """Make the vectors of the archive in the folder ``path`` anew, from its own texts; give the passages' number.

        :param encoder: ``universal`` or ``sentence-transformers:MODEL``; None for the installed one of the same name.
        :raises WenjuError: as ``open`` and ``sync`` do.
        """
        with cls.open(path, cache=cache) as archive:
            if encoder is not None:
                archive._engine.use_encoder(encoder)
            return archive._editor().reencode(progress)

    def __enter__(self) -> "Archive":
        """Give the archive itself; leaving the block closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the archive."""
        self.close()

    def close(self) -> None:
        """Let go of the archive's files."""
        self._store.close()

    def sync(
        self,
        paths: Iterable[str | os.PathLike[str]],
        *,
        progress: ProgressCallback | None = None,
        dry_run: bool = False,
        checksum: bool = False,
        allow_empty: bool = False,
    ) -> SyncReport:
        """Make the archive equal to the files: add new ones, read changed ones again, remove those that are gone.

        A file that has another name than before and the same bytes is renamed in the archive. Uploads stay.

        :param paths: files, and folders that are searched for files of known formats.
        :param dry_run: only report what would be done.
        :param checksum: read also the files that look untouched by their size and times.
        :param allow_empty: take the documents of a folder out when it holds no file any more.
        :returns: what was done; a file that cannot be read is named among the ``failures`` and left as it was.
        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises EmptySourceError: if a folder that documents came from holds no file and ``allow_empty`` is not set.
        :raises StorageError: if the disk is full or read-only; what was reported as done stays.
        """
        given = [Path(path) for path in paths]
        if dry_run:
            from retrieval.syncing import make_plan, preview

            known = self._store.files()
            return preview(make_plan(given, known, self._path, checksum=checksum, allow_empty=allow_empty))
        return self._editor().sync(given, progress, checksum=checksum, allow_empty=allow_empty)

    def add(self, name: str, data: bytes) -> SyncReport:
        """Take in a file that is kept in the archive's own folder; its document's source is ``uploads/NAME``.

        It stays whatever is synced, until it is removed or another one is added under the same name. The caller
        decides how large ``data`` may be.

        :param name: the file's name; its suffix tells the format.
        :raises SourceError: if the name is a path or none for a file, or the data cannot be read; nothing is changed.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises EncoderMismatchError: if the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only; nothing is changed.
        """
        return self._editor().add(name, data)

    def remove(self, document_id: str) -> None:
        """Take a document out of the archive, and of an upload the file too.

        A synced document comes back with the next sync of its folder, unless its file is gone by then.

        :raises UnknownDocumentError: if there is none of this id.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises StorageError: if the disk is read-only.
        """
        self._editor().remove(document_id)

    def ask(
        self, question: str, history: Sequence[Turn] = (), top: int = 3, *, filters: Filters | None = None
    ) -> Answer:
        """Answer a question with quotes.

        :param history: the earlier turns of the conversation, oldest first.
        :param top: how many quotes to give at the most.
        :param filters: which passages to answer from; None for all.
        :raises QuestionError: if the question is empty, too long or not readable.
        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises ValueError: if ``top`` is less than 1.
        """
        _check_top(top)
        with self.reading() as view:
            return Answerer(view.searcher).answer(question, view.snapshot, history=history, top=top, filters=filters)

    def search(self, query: str, top: int = 10, *, filters: Filters | None = None) -> list[Hit]:
        """Find the passages that fit a question or keywords best, best first; ties go by passage id.

        :param filters: which passages to look at; None for all.
        :raises QuestionError: if the query is empty, too long or not readable.
        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises ValueError: if ``top`` is less than 1.
        """
        _check_top(top)
        analysed = analyse(query)
        with self.reading() as view:
            return view.searcher.search(analysed, view.snapshot, top, filters)

    def explain(self, question: str, top: int = 5, *, filters: Filters | None = None) -> Explanation:
        """Tell how a question is understood and what puts its ``top`` best hits in their order.

        :param filters: which passages to look at; None for all.
        :raises QuestionError: if the question is empty, too long or not readable.
        :raises ArchiveEmptyError: if the archive holds no passage.
        :raises ValueError: if ``top`` is less than 1.
        """
        _check_top(top)
        with self.reading() as view:
            searcher = view.searcher
            answer = Answerer(searcher).answer(question, view.snapshot, history=(), top=1, filters=filters)
            found = searcher.find(analyse(question), view.snapshot, filters=filters)
            return explain(found, view.snapshot, top, answer.probability)

    @contextmanager
    def reading(self) -> Iterator["View"]:
        """Lend one state of the contents and its searcher, to those who train or measure the search itself.

        :raises ArchiveEmptyError: if the archive holds no passage.
        """
        while True:
            with self._store.snapshot() as snapshot:
                searcher = self._engine.searcher(snapshot, lambda: self._store.version)
                # Otherwise another process has just replaced this state by a newer one.
                if searcher is not None:
                    yield View(snapshot, searcher)
                    return

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""
        return self._store.documents()

    def document_info(self, document_id: str) -> DocumentInfo:
        """Describe one document, whose text is not read.

        :raises UnknownDocumentError: if there is none of this id.
        """
        with self._store.snapshot() as snapshot:
            return snapshot.document_info(document_id)

    def original(self, document_id: str) -> Original:
        """Give the file that a document was read from, byte for byte.

        :raises UnknownDocumentError: if there is none of this id.
        :raises OriginalMissingError: if the file is gone, cannot be read, or has changed since it was read.
        """
        from retrieval.originals import read_original

        with self._store.snapshot() as snapshot:
            source, file = snapshot.source(document_id), snapshot.file(document_id)
        return read_original(source, file, Uploads(self._path))

    def document(self, document_id: str) -> Document:
        """Give a document with its text.

        :raises UnknownDocumentError: if there is none of this id.
        """
        return self._store.document(document_id)

    def outline(self, document_id: str) -> Outline:
        """Give a document's blocks and articles as they were understood.

        :raises UnknownDocumentError: if there is none of this id.
        """
        # Cutting pages is no part of answering, and its modules take a tenth of a second to import.
        from retrieval.segmenting import outline

        return outline(self._store.document(document_id))

    def examine(self, document_id: str) -> Examination:
        """Tell what was understood of a document: its description, its text, and its blocks and articles.

        :raises UnknownDocumentError: if there is none of this id.
        """
        with self._store.snapshot() as snapshot:
            info = snapshot.document_info(document_id)
            document = snapshot.document(document_id)
        from retrieval.segmenting import outline

        return Examination(info, document, outline(document))

    def copies(self, document_id: str | None = None) -> list[Copies]:
        """Tell which paragraphs stand more than once, in one document or in several, with what OCR read differently.

        The first call after a sync takes half a second for a thousand paragraphs.

        :param document_id: give those that stand in this document too; None for all.
        :raises UnknownDocumentError: if there is none of this id.
        """
        from retrieval.copying import archive_copies

        with self._store.snapshot() as snapshot:
            return archive_copies(snapshot, self._path, document_id)

    def places(self, document_id: str, spans: Sequence[Span]) -> list[Place]:
        """Tell where spans of a document stand on its pages: a box for each line of print that they touch.

        :returns: none where the document's format has no pages.
        :raises UnknownDocumentError: if there is none of this id.
        """
        from retrieval.viewing import find_places

        with self._store.snapshot() as snapshot:
            return find_places(snapshot, document_id, spans)

    def page_sizes(self, document_id: str) -> list[PageSize]:
        """Give the extents of a document's pages, in whose unit ``places`` counts; none where it has no pages.

        :raises UnknownDocumentError: if there is none of this id.
        """
        from retrieval.viewing import find_page_sizes

        with self._store.snapshot() as snapshot:
            return find_page_sizes(snapshot, document_id)

    def page_picture(self, document_id: str, number: int, width: int = 1200) -> bytes:
        """Draw a page of the PDF or picture that a document was read from, as PNG.

        :param number: the page's number, from 1.
        :param width: pixels, 100 to 4000; a picture is never made larger than it is.
        :raises UnknownDocumentError: if there is none of this id.
        :raises OriginalMissingError: if the file is gone or has changed, has no such page, or cannot be drawn.
        :raises MissingExtraError: if the package that draws the format is not installed.
        :raises ValueError: if the width is out of bounds.
        """
        from retrieval.viewing import draw_page

        return draw_page(self.original(document_id), number, width)

    def around(self, document_id: str, spans: Iterable[Span], characters: int = MAX_QUOTE) -> Quote:
        """Give a quote with the whole sentences before and after it in its article; the quote itself is highlighted.

        :param characters: how long the result may be; a quote that is longer already comes back as it is.
        :raises UnknownDocumentError: if there is no document of this id.
        :raises ProvenanceError: if no passage of the document stands at the spans.
        """
        with self._store.snapshot() as snapshot:
            return around(snapshot, document_id, tuple(spans), characters)

    def info(self) -> ArchiveInfo:
        """Count what the archive holds."""
        with self._store.snapshot() as snapshot:
            return ArchiveInfo(
                path=str(self._path),
                generation=snapshot.generation,
                documents=snapshot.document_count(),
                passages=snapshot.passage_count(),
                encoder=snapshot.encoder,
            )

    def check(self) -> CheckReport:
        """Check all of the archive: its database, texts, spans, vectors, indexes and uploads. It takes a while.

        :raises StorageError: if the archive cannot be read.
        """
        from retrieval.upkeep import Doctor

        return Doctor(self._store, self._engine).check()

    def repair(self, *, progress: ProgressCallback | None = None) -> CheckReport:
        """Check all of the archive, and make anew what is wrong and can be made from the rest: vectors and indexes.

        :raises ArchiveLockedError: if another process is writing to the archive.
        :raises EncoderMismatchError: if vectors must be made anew and the archive was built with another encoder.
        :raises StorageError: if the disk is full or read-only.
        """
        from retrieval.upkeep import Doctor

        return Doctor(self._store, self._engine).repair(progress)

    def backup(self, folder: str | os.PathLike[str]) -> CheckReport:
        """Copy the archive, as it is at one moment, into a new folder, and check the copy, which is an archive itself.

        :raises StorageError: if the folder is there and not empty, or cannot be written.
        :raises ArchiveLockedError: if another process goes on writing to the archive for half a minute.
        :raises ArchiveDamagedError: if the copy is not sound; it is removed then.
        """
        from retrieval.upkeep import copy_archive

        return copy_archive(self._store, Path(folder))

    def _editor(self) -> "Editor":
        # Reading and cutting files is no part of answering, and takes a quarter of a second to import.
        from retrieval.upkeep import Editor

        return Editor(self._store, self._engine)


def _check_top(top: int) -> None:
    if top < 1:
        raise ValueError(f"top must be at least 1, got {top}")
