"""What shows that an article begins or ends: who signed it, and where."""

import re
from collections.abc import Sequence

from retrieval.language.scripts import has_han
from retrieval.segmenting.headlines import Part
from retrieval.segmenting.mastheads import MASTHEAD_NAME, PUBLICATION, is_date_line, is_jump
from retrieval.segmenting.signatures import is_dateline, sign_off
from retrieval.types import BlockKind

__all__ = ["Openings"]

_OPENS = frozenset((BlockKind.BYLINE, BlockKind.CARD))
_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
# Furniture stands anywhere; it separates nothing.
_FURNITURE = frozenset((BlockKind.IMPRINT, BlockKind.CAPTION, BlockKind.PULL_QUOTE))
# In an alphabet, a heading inside an article is a few words; so many are a headline, if what follows shares few words
# with what stands above.
_MIN_WORDS = 4
_MAX_SHARED = 0.25
_WORD = re.compile(r"[^\W\d_]{5,}|[\uac00-\ud7a3]{2,}")


class Openings:
    """Tells where the articles of a page begin and end, as far as what stands around their headings shows it."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Look at the parts of a page."""
        self._parts = parts
        masthead = any(
            part.kind is BlockKind.IMPRINT and (PUBLICATION.search(part.text) or MASTHEAD_NAME.match(part.text))
            for part in parts
        )
        self.has_bylines = any(
            part.kind is BlockKind.CARD
            or (part.kind is BlockKind.BYLINE and self._heads(index))
            or (is_dateline(part.text) and not part.text[0].isascii())
            for index, part in enumerate(parts)
        )
        self.is_press = masthead or self.has_bylines
        # Where a paper signs nothing, each plain heading is a headline.
        self.is_unsigned = masthead and not self.has_bylines

    def _heads(self, index: int) -> bool:
        """Tell whether a by-line does not merely close a letter or column above it."""
        passed = (*_FURNITURE, BlockKind.BYLINE)
        above = next((other for other in reversed(self._parts[:index]) if other.kind not in passed), None)
        return not self._parts[index].text[0].isascii() or above is None or above.kind not in _TEXT

    def is_signed(self, run: range) -> bool:
        """Tell whether a by-line, card or dateline stands below a run of headings."""
        below = self._below(run.stop)
        return below is not None and (self._parts[below].kind in _OPENS or is_dateline(self._parts[below].text))

    def is_signed_below(self, run: range) -> bool:
        """Tell whether the text below a run of headings is signed where it ends, before the next heading."""
        for index in range(run.stop, len(self._parts)):
            if self._parts[index].kind is BlockKind.HEADING:
                return False
            if self.closes(index):
                return not is_jump(self._parts[index].text)
        return False

    def closes(self, index: int) -> bool:
        """Tell whether an article ends with the part at ``index``: signed, or sent on to another page."""
        part, below = self._parts[index], self._below(index + 1)
        if below is not None and self._parts[below].kind is not BlockKind.HEADING:
            return False
        above = next((other for other in reversed(self._parts[:index]) if other.kind not in _FURNITURE), None)
        if part.kind is BlockKind.BYLINE:
            return above is not None and above.kind in _TEXT
        if part.kind is BlockKind.PARAGRAPH and is_date_line(part.text):
            return above is not None and above.kind is BlockKind.BYLINE
        return is_jump(part.text) or (part.kind in _TEXT and sign_off(part.ending) != "")

    def is_another(self, run: range, members: Sequence[int]) -> bool:
        """Tell whether a heading in an alphabet is as long as a headline, and its text shares few words with others.

        :param run: the heading, and those around it.
        :param members: the parts of the article above.
        """
        words = self._parts[run.start].text.split()
        if not self.is_press or len(words) < _MIN_WORDS or has_han(self._parts[run.start].text):
            return False
        said = {word for index in members for word in _words(self._parts[index])}
        own: set[str] = set()
        for part in self._parts[run.stop :]:
            if part.kind is BlockKind.HEADING:
                break
            own |= _words(part)
        return len(own & said) < _MAX_SHARED * len(own)

    def _below(self, index: int) -> int | None:
        return next((n for n in range(index, len(self._parts)) if self._parts[n].kind not in _FURNITURE), None)


def _words(part: Part) -> set[str]:
    return {word.casefold() for word in _WORD.findall(part.text)}
