"""Every error of this project.

A message says what went wrong, names the value, and says what to do about it::

    WenjuError
    ├── QuestionError            the question cannot be asked as it stands
    ├── FilterError              a filter of the search can never be right
    ├── SourceError              a file cannot be read into the archive
    ├── UnknownDocumentError     no document has this id
    ├── OriginalMissingError     the file that a document was read from is gone, changed, or has no such page
    ├── ProvenanceError          a quote does not equal its source (a bug, never shown)
    ├── EncoderError             an encoder cannot be loaded or used
    │   └── MissingExtraError    an optional package is not installed
    ├── DictionaryError          the dictionary's package is missing or damaged
    ├── EvaluationFileError      a question file does not have the layout it must have
    └── ArchiveError             the archive cannot be opened or written
        ├── ArchiveMissingError  there is no archive at the path
        ├── ArchiveEmptyError    the archive holds no passage to answer from
        ├── ArchiveFormatError   written by another version of this project
        ├── EncoderMismatchError built with another encoder
        ├── BackendMismatchError indexed in another backend
        ├── BackendError         the backend cannot be reached, or lacks what the archive has put there
        ├── EmptySourceError     a folder that the archive was built from holds no file any more
        ├── ArchiveLockedError   another process is writing to it
        ├── ArchiveDamagedError  its database is damaged
        └── StorageError         the disk is full, read-only, or not permitted; the database cannot be reached
"""

__all__ = [
    "ArchiveDamagedError",
    "ArchiveEmptyError",
    "ArchiveError",
    "ArchiveFormatError",
    "ArchiveLockedError",
    "ArchiveMissingError",
    "BackendError",
    "BackendMismatchError",
    "DictionaryError",
    "EmptySourceError",
    "EncoderError",
    "EncoderMismatchError",
    "EvaluationFileError",
    "FilterError",
    "MissingExtraError",
    "OriginalMissingError",
    "ProvenanceError",
    "QuestionError",
    "SourceError",
    "StorageError",
    "UnknownDocumentError",
    "WenjuError",
]


class WenjuError(Exception):
    """The root of all errors that this project raises on purpose."""


class QuestionError(WenjuError):
    """The question is empty, too long, or holds no readable character."""


class FilterError(WenjuError):
    """A filter of the search can never be right, such as a date that is none."""


class SourceError(WenjuError):
    """A file cannot be read; the other files are read all the same."""


class UnknownDocumentError(WenjuError):
    """No document of the archive has the given id."""


class OriginalMissingError(WenjuError):
    """The file that a document was read from is gone or has changed since, or has no page of that number."""


class ProvenanceError(WenjuError):
    """A quote differs from the text at its spans. Such a quote is never shown."""


class EncoderError(WenjuError):
    """An encoder cannot be loaded, or returned what it must not return."""


class MissingExtraError(EncoderError, ImportError):
    """An optional package is missing; the message names the extra that brings it."""

    def __init__(self, feature: str, extra: str) -> None:
        """Name the ``feature`` that was asked for and the ``extra`` that brings it."""
        super().__init__(f"{feature} needs the extra '{extra}'. Install it with: pip install 'wenju[{extra}]'")


class DictionaryError(WenjuError):
    """The Chinese-English dictionary cannot be found or read."""


class EvaluationFileError(WenjuError):
    """A question file does not have the layout that the evaluation expects."""


class ArchiveError(WenjuError):
    """The archive cannot be opened, read or written."""


class ArchiveMissingError(ArchiveError):
    """There is no archive at the given path."""


class ArchiveEmptyError(ArchiveError):
    """The archive holds no passage, so there is nothing to answer from."""


class ArchiveFormatError(ArchiveError):
    """The archive was written in a format that this version does not read."""


class EncoderMismatchError(ArchiveError):
    """The archive's vectors come from another encoder than the one asked for."""


class BackendMismatchError(ArchiveError):
    """The archive is indexed in another backend than the one asked for."""


class BackendError(ArchiveError):
    """The backend, a Milvus server, cannot be reached, or lacks what the archive has put there."""


class EmptySourceError(ArchiveError):
    """A folder that the archive was built from holds no file any more, as when its disk is not mounted."""


class ArchiveLockedError(ArchiveError):
    """Another process is writing to the archive."""


class ArchiveDamagedError(ArchiveError):
    """The archive's database is damaged."""


class StorageError(ArchiveError):
    """The archive's folder cannot be written: full, read-only, or not permitted; or its database cannot be used."""
