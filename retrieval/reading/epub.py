import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from retrieval.errors import SourceError
from retrieval.reading.charset import decode_markup
from retrieval.reading.extraction import Extraction
from retrieval.reading.hypertext import markup_blocks
from retrieval.reading.layout import Layout
from retrieval.reading.markup import local_name, parse_xml
from retrieval.reading.text_blocks import TextBlock, join_blocks, refuse_blank
from retrieval.reading.zipped import ZippedParts
from retrieval.types import ProgressCallback

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["read_epub"]

_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})
# Fonts may be scrambled without the text being so.
_FONT_SCRAMBLING = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})


@dataclass(frozen=True, slots=True)
class _Chapter:
    """A page of the book; ``part`` is None where the book does not hold it."""

    reference: str
    part: str | None


def read_epub(data: bytes, source: str, progress: ProgressCallback | None = None) -> Extraction:
    """Read an electronic book: its chapters in reading order, without its table of contents.

    :raises SourceError: if it is no EPUB file, is damaged, locked or a bomb, or holds no text, or the extra
        'documents' is missing.
    """
    parts = ZippedParts(data, source, "EPUB")
    _refuse_locked(parts, source)
    chapters = tuple(_chapters(parts, source))
    blocks: list[TextBlock] = []
    warnings: list[str] = []
    for number, chapter in enumerate(chapters):
        if chapter.part is None:
            warnings.append(f"the chapter {chapter.reference} is missing from the book. Get a whole copy of it.")
        else:
            page = parts.read(chapter.part)
            if page.strip():
                decoded = decode_markup(page, f"{source}/{chapter.part}")
                blocks.extend(markup_blocks(decoded.text, source, article_only=False))
        if progress is not None:
            progress(number + 1, len(chapters), source)
    joined = join_blocks(blocks)
    refuse_blank(joined.text, source)
    return Extraction(joined.text, "epub", Layout(headings=joined.headings), tuple(warnings))


def _chapters(parts: ZippedParts, source: str) -> Iterator[_Chapter]:
    package_name = _package_name(parts, source)
    folder = posixpath.dirname(package_name)
    package = parse_xml(parts.read(package_name), source, package_name)
    items = {item.get("id", ""): item for item in _all(package, "item")}
    for reference in _all(package, "itemref"):
        item = items.get(reference.get("idref", ""))
        if item is None:
            yield _Chapter(reference.get("idref", ""), None)
        elif item.get("media-type") in _PAGES and "nav" not in item.get("properties", "").split():
            href = unquote(item.get("href", "").partition("#")[0])
            yield _Chapter(href, parts.find(posixpath.join(folder, href)))


def _package_name(parts: ZippedParts, source: str) -> str:
    container = parts.find("META-INF/container.xml")
    if container is not None:
        for root in _all(parse_xml(parts.read(container), source, container), "rootfile"):
            name = parts.find(root.get("full-path", ""))
            if name is not None:
                return name
    name = next((name for name in parts.names() if name.lower().endswith(".opf")), None)
    if name is None:
        raise SourceError(f"{source}: this is a ZIP archive without a book in it. Get a whole copy of it.")
    return name


def _refuse_locked(parts: ZippedParts, source: str) -> None:
    name = parts.find("META-INF/encryption.xml")
    if name is None:
        return
    for method in _all(parse_xml(parts.read(name), source, name), "EncryptionMethod"):
        if method.get("Algorithm") not in _FONT_SCRAMBLING:
            raise SourceError(f"{source}: the book is locked by copy protection. Use a copy without it.")


def _all(root: "Element", name: str) -> Iterator["Element"]:
    return (element for element in root.iter() if local_name(element.tag) == name)
