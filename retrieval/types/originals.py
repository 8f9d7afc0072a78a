from dataclasses import dataclass, field

__all__ = ["Original", "PageSize"]


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a document was read from, byte for byte."""

    source: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PageSize:
    """A page of a document that has pages: its number, from 1, and its extent in points (PDF) or pixels (a picture)."""

    number: int
    width: float
    height: float
