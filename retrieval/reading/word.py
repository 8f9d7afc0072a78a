import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from retrieval.errors import SourceError
from retrieval.reading.extraction import Extraction
from retrieval.reading.layout import Layout
from retrieval.reading.markup import local_name, parse_xml
from retrieval.reading.text_blocks import TextBlock, join_blocks, refuse_blank
from retrieval.reading.zipped import ZippedParts
from retrieval.types import ProgressCallback

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["read_word"]

_NOTES = ("footnotes", "endnotes")
# Deleted and moved text, field codes, second versions of drawings, the readings beside characters, and settings.
_UNREAD_NAMES = "del delText moveFrom instrText Fallback rt rPr pPr tblPr trPr tcPr sectPr sdtPr txbxContent"
_UNREAD = frozenset(_UNREAD_NAMES.split())
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_OUTLINE_TITLE = re.compile(r"^(?:title|标题|題名|标题样式)$", re.IGNORECASE)
_OUTLINE_HEADING = re.compile(r"^heading ([1-9])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Styles:
    """The level of each heading style, by the style's id."""

    levels: dict[str, int] = field(default_factory=dict)


def read_word(data: bytes, source: str, progress: ProgressCallback | None = None) -> Extraction:
    """Read a DOCX document: paragraphs, headings, tables, text boxes where they are anchored, and notes at the end.

    Tables give a line for each row with tabs between the cells. Deleted, moved and hidden text is left out, as are page
    headers and footers.

    :raises SourceError: if it is no DOCX file, is damaged, locked or a bomb, or holds no text, or the extra
        'documents' is missing.
    """
    parts = ZippedParts(data, source, "DOCX")
    main = _main_part(parts, source)
    folder = posixpath.dirname(main)
    styles = _read_styles(parts, source, posixpath.join(folder, "styles.xml"))
    blocks = list(_blocks(_body(parse_xml(parts.read(main), source, main)), styles))
    for kind in _NOTES:
        name = parts.find(posixpath.join(folder, f"{kind}.xml"))
        if name is not None:
            for note in parse_xml(parts.read(name), source, name):
                if _attribute(note, "type") in {"", "normal"}:
                    blocks.extend(_blocks(note, styles))
    joined = join_blocks(blocks)
    refuse_blank(joined.text, source)
    if progress is not None:
        progress(1, 1, source)
    return Extraction(joined.text, "docx", Layout(headings=joined.headings))


def _main_part(parts: ZippedParts, source: str) -> str:
    relations = parts.find("_rels/.rels")
    if relations is not None:
        for relation in parse_xml(parts.read(relations), source, relations):
            if relation.get("Type", "").endswith("/officeDocument"):
                name = parts.find(relation.get("Target", ""))
                if name is not None and name.endswith(".xml"):
                    return name
    name = parts.find("word/document.xml")
    if name is None:
        raise SourceError(f"{source}: this is a ZIP archive without a text document in it. Save the text as DOCX.")
    return name


def _read_styles(parts: ZippedParts, source: str, name: str) -> _Styles:
    found = parts.find(name)
    styles = _Styles()
    if found is None:
        return styles
    for style in parse_xml(parts.read(found), source, found):
        if local_name(style.tag) != "style":
            continue
        level = 0
        for element in style.iter():
            tag, value = local_name(element.tag), _attribute(element, "val")
            if tag == "name" and _OUTLINE_TITLE.match(value):
                level = 1
            elif tag == "name" and (match := _OUTLINE_HEADING.match(value)):
                level = int(match[1])
            elif tag == "outlineLvl" and value.isdecimal() and int(value) < 9:
                level = level or int(value) + 1
        if level:
            styles.levels[_attribute(style, "styleId")] = level
    return styles


def _body(root: "Element") -> "Element":
    return next((child for child in root if local_name(child.tag) == "body"), root)


def _blocks(root: "Element", styles: _Styles) -> Iterator[TextBlock]:
    """Give the paragraphs and tables below an element; the stack is no recursion, as a file may nest without an end."""
    waiting = list(reversed(root))
    while waiting:
        element = waiting.pop()
        tag = local_name(element.tag)
        if tag == "p":
            yield TextBlock(_text(element), _level(element, styles))
            waiting.extend(reversed(_boxes(element)))
        elif tag == "tbl":
            yield TextBlock("\n".join(_rows(element)))
            waiting.extend(reversed(_boxes(element)))
        elif tag == "txbxContent" or tag not in _UNREAD:
            waiting.extend(reversed(element))


def _rows(table: "Element") -> Iterator[str]:
    """Give the rows of a table; a table in a cell is text of that cell."""
    for row in _nearest(table, "tr"):
        cells = []
        for cell in _nearest(row, "tc"):
            paragraphs = (_text(paragraph).strip() for paragraph in _nearest(cell, "p"))
            cells.append(" ".join(" ".join(text.split("\n")) for text in paragraphs if text))
        if any(cells):
            yield "\t".join(cells).rstrip("\t")


def _nearest(root: "Element", name: str) -> Iterator["Element"]:
    """Give the elements of a name below another one in order, but none inside a found one."""
    waiting = list(reversed(root))
    while waiting:
        element = waiting.pop()
        tag = local_name(element.tag)
        if tag == name:
            yield element
        elif tag not in _UNREAD:
            waiting.extend(reversed(element))


def _boxes(root: "Element") -> list["Element"]:
    """Give the text boxes that are anchored in a paragraph, each once: files keep a second version for old programs."""
    found: list[Element] = []
    waiting = list(reversed(root))
    while waiting:
        element = waiting.pop()
        tag = local_name(element.tag)
        if tag == "txbxContent":
            found.append(element)
        elif tag not in _UNREAD:
            waiting.extend(reversed(element))
    return found


def _text(paragraph: "Element") -> str:
    pieces: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        tag = local_name(element.tag)
        if tag == "t":
            pieces.append(element.text or "")
        elif tag in _SIGNS:
            pieces.append(_SIGNS[tag])
        elif tag not in _UNREAD and not (tag == "r" and _is_hidden(element)):
            waiting.extend(reversed(element))
    return "".join(pieces)


def _is_hidden(run: "Element") -> bool:
    return any(
        local_name(setting.tag) == "vanish" and _attribute(setting, "val") not in {"0", "false", "off"}
        for properties in run
        if local_name(properties.tag) == "rPr"
        for setting in properties
    )


def _level(paragraph: "Element", styles: _Styles) -> int:
    for properties in paragraph:
        if local_name(properties.tag) == "pPr":
            for setting in properties:
                tag, value = local_name(setting.tag), _attribute(setting, "val")
                if tag == "outlineLvl" and value.isdecimal() and int(value) < 9:
                    return int(value) + 1
                if tag == "pStyle" and value in styles.levels:
                    return styles.levels[value]
    return 0


def _attribute(element: "Element", name: str) -> str:
    """Give an attribute whichever edition of the format its namespace is of; empty if there is none."""
    return next((value for key, value in element.items() if local_name(key) == name), "")
