import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["GUIDE_LANGUAGES", "REFERENCE_LANGUAGES", "Block", "read_blocks", "read_guide", "read_reference"]

GUIDE_LANGUAGES = ("en", "de", "es", "fr", "it", "ja", "ko", "nl", "pt", "ru", "zh_CN")
REFERENCE_LANGUAGES = ("en", "de", "es", "fr", "it", "ja", "pt", "zh-cn", "zh-tw")

Block = tuple[str, str]
"""An element's tag and its text."""

_BLOCKS = frozenset({"p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4"})
_SKIPPED = frozenset({"pre", "script", "style", "head"})


class _Blocks(HTMLParser):
    """Collects the innermost block elements of a page in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open: list[tuple[str, list[str]]] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag in _BLOCKS:
            self._open.append((tag, []))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in _BLOCKS and self._open and self._open[-1][0] == tag:
            _, parts = self._open.pop()
            self.blocks.append((tag, " ".join("".join(parts).split())))

    def handle_data(self, data: str) -> None:
        if self._open and not self._skipping:
            self._open[-1][1].append(data)


def read_guide(folder: Path) -> Iterator[dict[str, Block]]:
    """Read Debian's installation guide: the same paragraph in each language that has it.

    :param folder: the documentation folder of the package ``installation-guide-amd64``.
    """
    for page in sorted((folder / "en").glob("*.html")):
        yield from _aligned({code: folder / code / page.name for code in GUIDE_LANGUAGES})


def read_reference(folder: Path) -> Iterator[dict[str, Block]]:
    """Read the Debian Reference: the same paragraph in each language that has it.

    :param folder: where the packages ``debian-reference-*`` put their pages.
    """
    for page in sorted(folder.glob("*.en.html")):
        stem = page.name.removesuffix(".en.html")
        yield from _aligned({code: folder / f"{stem}.{code}.html" for code in REFERENCE_LANGUAGES})


def _aligned(pages: dict[str, Path]) -> Iterator[dict[str, Block]]:
    blocks = {code: read_blocks(page) for code, page in pages.items() if page.is_file()}
    english = blocks.pop("en")
    shape = [tag for tag, _ in english]
    # Translations keep the page's elements; a page that does not is another edition and cannot be aligned.
    fitting = {code: found for code, found in blocks.items() if [tag for tag, _ in found] == shape}
    for number, block in enumerate(english):
        row = {"en": block}
        for code, found in fitting.items():
            # An untranslated paragraph stands there in English.
            if found[number][1] != block[1] and found[number][1]:
                row[code] = found[number]
        if len(re.findall(r"\w", block[1])) > 3:
            yield row


def read_blocks(page: Path) -> list[Block]:
    """Read the innermost block elements of a page in order."""
    parser = _Blocks()
    parser.feed(page.read_text(encoding="utf-8"))
    return parser.blocks
