import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language.scripts import has_han
from retrieval.segmenting.furniture import heading_pattern, is_label, is_list_title
from retrieval.types import BlockKind

__all__ = ["SUBTITLE", "Part", "choose_headline", "clean_heading", "find_opening", "headline_lines", "headline_text"]

SUBTITLE = ("——", "--", "—")
_MARKDOWN = re.compile(r"^#{1,6}\s+")
_LINE_END = re.compile(r"[\r\n]+")
# A kicker above a headline in a language with capitals: at most so many words.
_KICKER_WORDS = 2
_SECTION_WORDS = 5
_MIN_BELOW_WORD = 4
# A shorter line above a headline names a column; a line so much longer below one tells what it is about.
_MIN_HEADLINE = 7
_LONGER = 1.6
_AS_LONG = 0.7
_BRACKETED = re.compile(r"[（(].*[）)]$")
_TWO_CLAUSES = re.compile(r"\S[ \u3000！？]\S")


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a page, or the parts of one that columns have cut: what it is and how its text begins and ends.

    ``follows`` is the number of the part whose last piece stands right above, where that is not the part before.
    """

    kind: BlockKind
    text: str
    gap: int = 1
    ending: str = ""
    follows: int | None = None


def choose_headline(parts: Sequence[Part], mains: list[int], patterns: list[str], *, first: bool) -> int:
    """Choose the headline among a run's headings: shoulders stand above it, further decks below."""
    leveled = [index for index, pattern in zip(mains, patterns, strict=True) if pattern.startswith("markdown")]
    if leveled:
        return leveled[0] if first else leveled[-1]
    plain = [index for index, pattern in zip(mains, patterns, strict=True) if not pattern] or mains[:1]
    plain = [index for index in plain if not _BRACKETED.match(parts[index].text)] or plain
    if has_han(parts[plain[0]].text):
        titled = [index for index in plain if index + 1 < len(parts) and parts[index + 1].text.startswith(SUBTITLE)]
        if first and not titled and len(plain) > 1 and _is_column_name(parts[plain[0]].text, parts[plain[1]].text):
            return plain[1]
        if not titled and len(plain) == 2 and _has_deck(parts[plain[0]].text, parts[plain[1]].text):
            return plain[0]
        if first:
            return (titled or plain)[0]
        return titled[-1] if titled else _first_line(parts, plain)
    # A page's or series' own title stands above the furniture, the article's headline below it.
    furniture = [index for index in range(plain[0], plain[-1]) if parts[index].kind is BlockKind.IMPRINT]
    below = [index for index in plain if not furniture or index > furniture[-1]]
    return next((index for index in below if not _is_kicker(parts, index, below)), below[0])


def _first_line(parts: Sequence[Part], plain: list[int]) -> int:
    """Give the first line of the last heading of a run: lines without a blank one between are one headline."""
    first = len(plain) - 1
    while first and parts[plain[first]].gap == 0 and plain[first - 1] == plain[first] - 1:
        first -= 1
    return plain[first]


def _is_kicker(parts: Sequence[Part], index: int, plain: list[int]) -> bool:
    """Tell whether a line is a kicker above the headline: a label, or one or two words in capitals."""
    text = clean_heading(parts[index].text)
    if index == plain[-1] or is_list_title(text):
        return False
    words = len(text.split())
    following = plain[plain.index(index) + 1]
    if is_label(text) or (text.isupper() and words <= _KICKER_WORDS):
        return True
    # A region's name in capitals above a headline that has none, and a word above one of several.
    below = clean_heading(parts[following].text)
    names_section = index > 0 and parts[index - 1].kind is BlockKind.IMPRINT and words <= _SECTION_WORDS
    if names_section and text.isupper() and not below.isupper():
        return True
    return words == 1 and len(below.split()) >= _MIN_BELOW_WORD


def _is_column_name(first: str, second: str) -> bool:
    """Tell whether the first of two lines names the column that the second one, a headline, stands in."""
    return len(first) < _MIN_HEADLINE and len(second) >= _LONGER * len(first)


def _has_deck(first: str, second: str) -> bool:
    """Tell whether the second of two lines is the deck of the first, a headline, and not a headline below a shoulder.

    A deck says at greater length what a headline is about; a headline has two clauses, and a shoulder one.
    """
    least = _LONGER
    if _TWO_CLAUSES.search(first):
        least = _AS_LONG if _TWO_CLAUSES.search(second) else 1.0
    return len(first) >= _MIN_HEADLINE and len(second) >= least * len(first)


def find_opening(parts: Sequence[Part], heads: list[int], mains: list[int], headline: int) -> int:
    """Give where the article begins: at its headline's shoulder, if that is not the page's own headline."""
    opening = headline
    for index in reversed(heads[: heads.index(headline)]):
        if index not in mains and index == heads[0]:
            return index  # a subtitle that was read before its headline
        if index not in mains or _titles_page(parts, index, heads):
            break
        opening = index
    return opening


def _titles_page(parts: Sequence[Part], index: int, heads: list[int]) -> bool:
    """Tell whether a heading above the headline is one of its own right: with a subtitle or of a higher level."""
    below = next((other for other in heads if other > index), None)
    subtitled = below is not None and parts[below].text.startswith(SUBTITLE)
    return subtitled or heading_pattern(parts[index].text) == "markdown-1"


def headline_lines(parts: Sequence[Part], mains: list[int], headline: int) -> list[int]:
    """Give the lines of a headline that spans several: they stand together, and the first is the larger type."""
    same = [headline]
    while (
        same[-1] + 1 in mains
        and parts[same[-1] + 1].gap == 0
        and not heading_pattern(parts[same[-1] + 1].text)
        and (parts[same[-1] + 1].text[0].islower() or has_han(parts[same[-1] + 1].text[0]))
    ):
        same.append(same[-1] + 1)
    return same


def headline_text(parts: Sequence[Part], mains: list[int], headline: int) -> str:
    """Give a headline as one line, all its lines joined."""
    return " ".join(clean_heading(parts[index].text) for index in headline_lines(parts, mains, headline))


def clean_heading(heading: str) -> str:
    """Give a heading as it is shown, on one line and without Markdown's marks."""
    return _LINE_END.sub(" ", _MARKDOWN.sub("", heading).strip())
