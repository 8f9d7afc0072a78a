"""What is understood of one file, in an archive or on the disk, for a person to check."""

import os
from pathlib import Path

from retrieval.errors import SourceError
from retrieval.reading import Reading, find_sources, interpret, load_file
from retrieval.segmenting import outline, segment
from retrieval.types import DocumentInfo, Examination, ProgressCallback

__all__ = ["examine_file"]


def examine_file(path: str | os.PathLike[str], progress: ProgressCallback | None = None) -> Examination:
    """Read a file that no archive needs to hold, and tell what is understood of it.

    :param progress: is told of each page that OCR reads.
    :raises SourceError: if the path is no file, or cannot be read.
    """
    found = Path(path)
    if found.is_dir():
        raise SourceError(f"{found} is a folder; name a file in it")
    discovery = find_sources([found])
    if discovery.failures:
        failure = discovery.failures[0]
        raise SourceError(f"{failure.source}: {failure.reason}")
    reading = interpret(load_file(discovery.sources[0]), progress)
    return Examination(_describe(reading), reading.document, outline(reading.document))


def _describe(reading: Reading) -> DocumentInfo:
    document = reading.document
    passages = segment(document)
    context = passages[0].context if passages else None
    return DocumentInfo(
        id=document.id,
        source=document.source,
        title=(context.title if context else "") or document.source,
        publication=context.publication if context else "",
        date=context.date if context else "",
        encoding=document.encoding,
        revision=document.revision,
        characters=len(document.text),
        passages=len(passages),
        warnings=reading.warnings,
    )
