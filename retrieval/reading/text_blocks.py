import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.errors import SourceError
from retrieval.reading.layout import Heading
from retrieval.types import Span

__all__ = ["JoinedBlocks", "TextBlock", "is_close", "is_wide", "join_blocks", "refuse_blank"]

_SEPARATOR = "\n\n"
# Marks that Chinese shares with other scripts and sets without blanks.
_SHARED_MARKS = frozenset("“”‘’—…·")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, heading, list or table of a document; ``level`` is 0 for what is no heading."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class JoinedBlocks:
    """The text of blocks with a blank line between them, and where its headings stand."""

    text: str
    headings: tuple[Heading, ...]


def join_blocks(blocks: Iterable[TextBlock]) -> JoinedBlocks:
    """Join the blocks that are not blank; control characters, which no text holds, become the replacement character."""
    parts: list[str] = []
    headings: list[Heading] = []
    position = 0
    for block in blocks:
        text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", block.text.strip())
        if not text:
            continue
        if parts:
            position += len(_SEPARATOR)
        parts.append(text)
        if block.level:
            headings.append(Heading(Span(position, position + len(text)), block.level))
        position += len(text)
    return JoinedBlocks(_SEPARATOR.join(parts), tuple(headings))


def refuse_blank(text: str, source: str) -> None:
    """Refuse a text that holds nothing to quote.

    :raises SourceError: if no character of the text is a letter, digit, mark or sign.
    """
    if not any(unicodedata.category(character)[0] in "LNPSM" for character in text):
        raise SourceError(f"{source}: the file holds no text. Give it some text or leave it out.")


def is_wide(character: str) -> bool:
    """Say whether the character is of a script that is written without blanks: Chinese or Japanese, or their marks."""
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def is_close(last: str, first: str) -> bool:
    """Say whether no blank belongs between two characters: one is wide, and the other too or a mark without a width."""
    wide = is_wide(last), is_wide(first)
    return all(wide) or (wide[0] and first in _SHARED_MARKS) or (wide[1] and last in _SHARED_MARKS)
