import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from retrieval.reading.article import Candidate, Furniture, article_of
from retrieval.reading.text_blocks import TextBlock, is_wide

__all__ = ["page_blocks"]

# What a browser does not show as text, what is an input and no text, and the readings beside characters.
_UNREAD_NAMES = (
    "-comment area audio base button canvas datalist embed head iframe input link map meta noscript object "
    "option param rp rt script select source style svg template textarea track video"
)
_UNREAD = frozenset(_UNREAD_NAMES.split())
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form header hgroup hr html legend li main menu nav ol p pre search section summary table "
    "ul"
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split()) | frozenset(_HEADINGS)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_LINE_ENDS = re.compile(r"(.)[ \t]*[\n\r\f][ \t\n\r\f]*(?=(.))")
# Stands for a line end that the page means, while the others are drawn together.
_BREAK = "\v"
_LEAST_SHARE = 0.4


@dataclass(slots=True)
class _Walk:
    """Where the walk through a page is, and what it has gathered of the block that it is in."""

    candidates: list[Candidate] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    level: int = 0
    links: int = 0
    preformatted: int = 0

    def add(self, text: str) -> None:
        """Take the text of a node."""
        if self.preformatted:
            text = text.replace("\r\n", _BREAK).replace("\n", _BREAK)
        else:
            if "\n" in text:
                text = _LINE_ENDS.sub(_without_line_end, text)
            text = _BLANKS.sub(" ", text)
            if not self.pieces or self.pieces[-1].endswith((" ", "\t", _BREAK)):
                text = text.removeprefix(" ")
        if text:
            self.pieces.append(text)
            self.linked += len(text) if self.links else 0

    def enter(self, tag: str) -> None:
        """Take note of an element's beginning."""
        if tag == "br":
            self.pieces.append(_BREAK)
        elif tag in _BLOCKS:
            self.end_block()
            self.level = _HEADINGS.get(tag, self.level)
        self.links += tag == "a"
        self.preformatted += tag == "pre"

    def leave(self, tag: str) -> None:
        """Take note of an element's end."""
        self.links -= tag == "a"
        self.preformatted -= tag == "pre"
        if tag in {"td", "th"}:
            self.pieces.append("\t")
        elif tag == "tr":
            self.pieces.append(_BREAK)
        elif tag in _BLOCKS:
            self.end_block()
            self.level = 0

    def end_block(self) -> None:
        """Close the block, if there is any text in it."""
        if not self.pieces:
            return
        lines = "".join(self.pieces).split(_BREAK)
        text = "\n".join(line.rstrip(" \t") for line in lines if line.strip()).strip()
        if text:
            self.candidates.append(Candidate(TextBlock(text, self.level), min(self.linked, len(text))))
        self.pieces.clear()
        self.linked = 0


def page_blocks(markup: str, *, article_only: bool) -> list[TextBlock]:
    """Give the blocks of a page's text in order, as a browser shows them without style sheets.

    Blanks are drawn together except in preformatted text; a line end between Chinese characters is none; the rows of a
    table are lines with tabs between the cells.

    :param article_only: leave out navigation and what else stands around the article.
    """
    parser = LexborHTMLParser(markup)
    body = parser.body
    if body is None:
        return []
    if not article_only:
        return [candidate.block for candidate in _collect(body, None)]
    furniture = Furniture(_visible_length(body))
    everything = _collect(body, furniture)
    marked = _marked_article(body, furniture, _own_length(everything))
    title = parser.css_first("title")
    shown_title = _BLANKS.sub(" ", title.text()).strip() if title is not None else ""
    return article_of(marked or everything, title=shown_title, marked=bool(marked))


def _marked_article(body: LexborNode, furniture: Furniture, total: int) -> list[Candidate]:
    """Give what the page marks as its articles or main part, if that is a good part of its ``total`` characters."""
    for selector in ("article", "[itemprop=articleBody]", "main", "[role=main]"):
        found = body.css(selector)
        ids = {node.mem_id for node in found}
        outer = [node for node in found if not _stands_in(node, ids)]
        candidates = [candidate for node in outer for candidate in _collect(node, furniture)]
        if _own_length(candidates) >= max(1, _LEAST_SHARE * total):
            return candidates
    return []


def _stands_in(node: LexborNode, ids: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in ids:
            return True
        parent = parent.parent
    return False


def _own_length(candidates: list[Candidate]) -> int:
    """Count the characters that are no links."""
    return sum(len(candidate.block.text) - candidate.linked for candidate in candidates)


def _visible_length(node: LexborNode) -> int:
    return sum(len(candidate.block.text) for candidate in _collect(node, None))


def _collect(root: LexborNode, furniture: Furniture | None) -> list[Candidate]:
    walk = _Walk()
    # A node waits to be entered or, with True, to be left. The stack is no recursion: pages nest deeper than Python.
    waiting: list[tuple[LexborNode, bool]] = [(root, False)]
    while waiting:
        node, leaving = waiting.pop()
        tag = node.tag or ""
        if tag == "-text":
            walk.add(node.text_content or "")
            continue
        if leaving:
            walk.leave(tag)
            continue
        if tag in _UNREAD or _is_hidden(node):
            continue
        if furniture is not None and node.mem_id != root.mem_id and furniture.includes(node, _visible_length):
            continue
        walk.enter(tag)
        waiting.append((node, True))
        child = node.last_child
        while child is not None:
            waiting.append((child, False))
            child = child.prev
    walk.end_block()
    return walk.candidates


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attrs
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _HIDDEN_STYLE.search(style) is not None


def _without_line_end(match: re.Match[str]) -> str:
    # A line end in the source is a blank between words, and nothing between characters.
    return match[1] if is_wide(match[1]) and is_wide(match[2]) else f"{match[1]} "
