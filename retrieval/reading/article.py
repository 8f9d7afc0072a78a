import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from retrieval.reading.text_blocks import TextBlock

__all__ = ["Candidate", "Furniture", "article_of"]

_FURNITURE_TAGS = frozenset({"dialog", "menu", "nav", "search"})
_FURNITURE_ROLES = frozenset(
    {"alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "navigation", "search", "toolbar"}
)
_MARGIN_TAGS = frozenset({"aside", "footer", "header"})
_ARTICLE_TAGS = frozenset({"article", "main"})
# Words of class names and ids for what stands around an article. English, as class names are everywhere.
_FURNITURE_CLASSES = (
    "ad ads advert advertisement breadcrumb breadcrumbs comments cookie cookies copyright crumb disqus footer "
    "masthead menu nav navbar navigation newsletter outbrain pager pagination popup promo recommend "
    "recommended related share sharing sidebar skip social sponsored subscribe taboola toolbar topbar widget"
)
_FURNITURE_WORDS = frozenset(_FURNITURE_CLASSES.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
# An element with more of the page's text than this is no furniture, whatever it is called.
_LARGEST_SHARE = 0.3

_MOSTLY_LINKS = 0.5
# A paragraph of running text; half as many where every character is a word or nearly.
_LONG_CHARACTERS = 60
_LONG_WIDE_CHARACTERS = 25
_SENTENCE_END = re.compile(r"[。！？；]|[.!?](?:\s|$)")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TITLE_SEPARATOR = re.compile(r"\s*[|_—–-]+\s*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A block of a page's text; ``linked`` of its characters are links."""

    block: TextBlock
    linked: int


@dataclass(frozen=True, slots=True)
class Furniture:
    """Tells what stands around a page's article; ``total`` counts the characters of the whole page."""

    total: int

    def includes(self, node: LexborNode, length: Callable[[LexborNode], int]) -> bool:
        """Say whether the element is navigation, a margin or the like, by its name, role and class.

        :param length: counts the characters of an element; asked only where it matters.
        """
        tag = node.tag
        attributes = node.attributes
        if tag in _FURNITURE_TAGS or attributes.get("role") in _FURNITURE_ROLES:
            return True
        if tag in _MARGIN_TAGS and not _is_in_article(node):
            return length(node) <= _LARGEST_SHARE * self.total and not (tag == "header" and node.css("h1"))
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        words = {word.lower() for word in _WORD.findall(names)}
        return not words.isdisjoint(_FURNITURE_WORDS) and length(node) <= _LARGEST_SHARE * self.total


def article_of(candidates: Sequence[Candidate], *, title: str, marked: bool) -> list[TextBlock]:
    """Choose the blocks of the article and put the page's title first, where no headline of the article says it.

    Blocks that are mostly links are left out. Where the page does not mark its article, it begins with the heading
    before the first running text and ends with the last running text; a page without any is taken whole.

    :param title: the page's title, with the site's name behind it as it may be.
    :param marked: whether the candidates stand in an element that the page marks as its article.
    """
    kept = [candidate for candidate in candidates if not _is_links(candidate)]
    if not marked:
        kept = _trim(kept)
    blocks = [candidate.block for candidate in kept or candidates]
    headline = _TITLE_SEPARATOR.split(title)[0]
    if headline and not any(headline in block.text or 0 < block.level < 2 for block in blocks):
        blocks.insert(0, TextBlock(headline, 1))
    return blocks


def _is_in_article(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _ARTICLE_TAGS:
            return True
        parent = parent.parent
    return False


def _is_links(candidate: Candidate) -> bool:
    text = candidate.block.text
    share = candidate.linked / len(text)
    return share > _MOSTLY_LINKS and not candidate.block.level and not (share < 1 and _SENTENCE_END.search(text))


def _trim(candidates: list[Candidate]) -> list[Candidate]:
    running = [index for index, candidate in enumerate(candidates) if _is_running(candidate.block.text)]
    if not running:
        return candidates
    first, last = running[0], running[-1]
    headings = [index for index in range(first) if candidates[index].block.level]
    # From the main heading on, by-line and date included; without one only what stands right above the text.
    level = min((candidates[index].block.level for index in headings), default=0)
    begin = next((index for index in reversed(headings) if candidates[index].block.level == level), first)
    return candidates[begin : last + 1]


def _is_running(text: str) -> bool:
    least = _LONG_WIDE_CHARACTERS if len(_WIDE.findall(text)) > len(text) / 3 else _LONG_CHARACTERS
    return len(text) >= least and _SENTENCE_END.search(text) is not None
