from dataclasses import dataclass
from typing import Protocol

from retrieval.errors import SourceError
from retrieval.reading.layout import Layout
from retrieval.types import ProgressCallback

__all__ = ["Extraction", "Reader", "missing_extra"]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a reader made of a file's bytes.

    ``encoding`` names a Python codec where the file is text, else the format. ``warnings`` say what could not be read
    while the rest was, each a sentence with its cure.
    """

    text: str
    encoding: str
    layout: Layout | None = None
    warnings: tuple[str, ...] = ()


class Reader(Protocol):
    """Turns the bytes of one format into text; each is a function of a module of its own, entered in ``formats``."""

    def __call__(self, data: bytes, source: str, progress: ProgressCallback | None) -> Extraction:
        """Give the text of ``data``; ``source`` is the file's name, for messages; pages are told to ``progress``.

        :raises SourceError: if the bytes are not of this format, are damaged or locked, hold no text, would unpack to
            more than the limits, or need an extra that is not installed.
        """


def missing_extra(source: str, feature: str, extra: str) -> SourceError:
    """Make the error that names the ``extra`` which the ``feature`` needs."""
    return SourceError(
        f"{source}: reading {feature} needs the extra '{extra}'. Install it with: pip install 'wenju[{extra}]'"
    )
