"""What shows that an article begins or ends: who signed it, and where."""

import re
from collections import Counter
from collections.abc import Container, Sequence

from retrieval.language.scripts import has_han
from retrieval.segmenting.furniture import heading_pattern
from retrieval.segmenting.headlines import Part
from retrieval.segmenting.leads import names_day, terms
from retrieval.segmenting.mastheads import is_date_line, is_jump, names_paper
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
_MIN_WORDS_UNDATED = 6
_MAX_SHARED = 0.25
# A report shares so much of its terms with the article above it at the most, and its heading so many.
_MAX_SPOKEN = 0.15
_MAX_REPEATED = 1
# What so many parts of an article speak of, another article does not.
_MIN_INSISTED = 3
# So many paragraphs of a note may stand between a headline and the by-line.
_MAX_NOTE = 4
_ASKS = re.compile(
    r"(?:What|How|Why|Who|Where|When|Wie|Was|Warum|Wer|Comment|Pourquoi|Qui|Cómo|Qué|Как|Что|Почему|Кто)\b|.*[？?]$"
)
_QUOTES = frozenset('“「『"«„‘')
_WORD = re.compile(r"[^\W\d_]{5,}|[\uac00-\ud7a3]{2,}")


class Openings:
    """Tells where the articles of a page begin and end, as far as what stands around their headings shows it."""

    def __init__(self, parts: Sequence[Part]) -> None:
        """Look at the parts of a page."""
        self._parts = parts
        self._known: dict[int, set[str]] = {}
        self._members: Sequence[int] = ()
        self._counted = 0
        self._said: set[str] = set()
        self._spoken: tuple[Sequence[int], int, set[str]] = ((), 0, set())
        self._times: Counter[str] = Counter()
        masthead = any(part.kind is BlockKind.IMPRINT and names_paper(part.text) for part in parts)
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
        above = self._above(index, passed)
        return not self._parts[index].text[0].isascii() or above is None or above.kind not in _TEXT

    def is_signed(self, run: range) -> bool:
        """Tell whether a by-line, card or dateline stands below a run of headings, and perhaps below a note."""
        below = self._below(run.stop)
        if below is not None and self._parts[below].kind is BlockKind.NOTE:
            noted = range(below, min(below + _MAX_NOTE, len(self._parts)))
            after = next((n for n in noted if self._parts[n].kind is not BlockKind.NOTE), None)
            below = after if after is not None and self._parts[after].kind is BlockKind.BYLINE else below
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
        if is_jump(part.text) and below is not None and self.heads(below):
            return True
        if below is not None and self._parts[below].kind is not BlockKind.HEADING:
            return False
        if part.kind is BlockKind.BYLINE:
            if index > 0 and is_jump(self._parts[index - 1].text):
                return False
            above = self._above(index, _FURNITURE)
            return above is not None and above.kind in _TEXT
        if part.kind is BlockKind.PARAGRAPH and is_date_line(part.text):
            above = self._above(index, _FURNITURE)
            return above is not None and above.kind is BlockKind.BYLINE
        return is_jump(part.text) or (part.kind in _TEXT and sign_off(part.ending) != "")

    def heads(self, index: int) -> bool:
        """Tell whether a by-line stands right above a headline, below the end of another article."""
        return (
            0 < index < len(self._parts) - 1
            and self._parts[index].kind is BlockKind.BYLINE
            and self._parts[index + 1].kind is BlockKind.HEADING
            and is_jump(self._parts[index - 1].text)
        )

    def is_another(self, run: range, members: Sequence[int]) -> bool:
        """Tell whether a heading in an alphabet is as long as a headline, and its text shares few words with others.

        :param run: the heading, and those around it.
        :param members: the parts of the article above.
        """
        words = self._parts[run.start].text.split()
        if not self.is_press or len(words) < _MIN_WORDS or has_han(self._parts[run.start].text):
            return False
        said = self._said_in(members)
        own: set[str] = set()
        for index in range(run.stop, len(self._parts)):
            if self._parts[index].kind is BlockKind.HEADING:
                break
            if not own and len(words) < _MIN_WORDS_UNDATED and not names_day(self._parts[index].text):
                return False
            own |= self._words(index)
        return len(own & said) < _MAX_SHARED * len(own)

    def _said_in(self, members: Sequence[int]) -> set[str]:
        """Give the longer words of an article, which grows from one of its headings to the next."""
        if members is not self._members:
            self._members, self._counted, self._said = members, 0, set()
        for index in members[self._counted :]:
            self._said |= self._words(index)
        self._counted = len(members)
        return self._said

    def _spoken_of(self, members: Sequence[int]) -> set[str]:
        """Give the terms of an article, which grows from one of its headings to the next."""
        known, count, spoken = self._spoken
        if known is not members:
            count, spoken = 0, set()
        if not count:
            self._times.clear()
        for index in members[count:]:
            if self._parts[index].kind is not BlockKind.IMPRINT:
                said = terms(self._parts[index].text)
                self._times.update(said)
                spoken |= said
        self._spoken = (members, len(members), spoken)
        return spoken

    @property
    def _insisted(self) -> set[str]:
        """What several parts of the article above speak of."""
        return {term for term, count in self._times.items() if count >= _MIN_INSISTED}

    def _words(self, index: int) -> set[str]:
        """Give the longer words of a part's beginning; an article's are asked for at each heading below it."""
        if index not in self._known:
            self._known[index] = {word.casefold() for word in _WORD.findall(self._parts[index].text)}
        return self._known[index]

    def is_report(self, run: range, members: Sequence[int], *, dated: bool) -> bool:
        """Tell whether the text below a heading begins as a report does and speaks of other things than that above.

        :param run: the heading, and those around it.
        :param members: the parts of the article above.
        :param dated: whether it must begin with a day; one report after another need not.
        """
        heading = self._parts[run.start].text
        dated = dated or "：" in heading  # as parallel headings inside an article have it
        if not self.is_press or heading_pattern(heading) or heading[0] in _QUOTES or _ASKS.match(heading):
            return False
        own: set[str] = set()
        for index in range(run.stop, len(self._parts)):
            part = self._parts[index]
            if part.kind is BlockKind.HEADING:
                break
            if part.kind in (*_TEXT, BlockKind.CAPTION):
                if dated and not own and not names_day(part.text):
                    return False
                own |= terms(part.text)
        said = self._spoken_of(members)
        if own & self._insisted:
            return False
        return bool(own) and len(own & said) <= _MAX_SPOKEN * len(own) and len(terms(heading) & said) <= _MAX_REPEATED

    def _above(self, index: int, passed: Container[BlockKind]) -> Part | None:
        """Give the nearest part above one, those of some kinds being passed over."""
        return next((p for p in map(self._parts.__getitem__, range(index - 1, -1, -1)) if p.kind not in passed), None)

    def _below(self, index: int) -> int | None:
        return next((n for n in range(index, len(self._parts)) if self._parts[n].kind not in _FURNITURE), None)
