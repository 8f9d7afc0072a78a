"""Files of the binary formats, made as the programs make them that write such files."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from retrieval.reading import LoadedFile, Reading, SourceFile, interpret, load_file
from retrieval.types import ProgressCallback

PAGES = Path(__file__).parent / "pages"

_WORD_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STYLES = f"""<w:styles {_WORD_SPACE}>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
</w:styles>"""
_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def word(body: str, **parts: str) -> bytes:
    document = f"<w:document {_WORD_SPACE}><w:body>{body}</w:body></w:document>"
    notes = {f"word/{name}.xml": f"<w:{name} {_WORD_SPACE}>{notes}</w:{name}>" for name, notes in parts.items()}
    return zipped({"word/document.xml": document, "word/styles.xml": _STYLES, **notes})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def epub(chapters: Mapping[str, str | bytes], spine: str = "", **parts: str) -> bytes:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml" properties="{name.partition(".")[0]}"/>'
        for number, name in enumerate(chapters)
    )
    references = spine or "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        f"{items}</manifest><spine>{references}</spine></package>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "OPS/book.opf": package,
            **{f"OPS/{name.replace('%20', ' ')}": text for name, text in chapters.items() if text},
            **{f"META-INF/{name}.xml": text for name, text in parts.items()},
        }
    )


def read_bytes(data: bytes, name: str, progress: ProgressCallback | None = None) -> Reading:
    return interpret(LoadedFile(name, data, "revision"), progress)


def read_page(name: str, progress: ProgressCallback | None = None) -> Reading:
    return interpret(load_file(SourceFile(PAGES / name, name)), progress)
