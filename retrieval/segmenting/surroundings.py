"""What the blocks around one show of it."""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting.furniture import heading_pattern
from retrieval.segmenting.halves import ending_of, ends_open, is_cut, reads_across
from retrieval.segmenting.layout import cells
from retrieval.segmenting.leads import terms
from retrieval.segmenting.pull_quotes import squeeze
from retrieval.types import Block

__all__ = ["Surroundings"]

# No line of a page's furniture is longer.
_MAX_LINE = 90
# Wider than this, or with a sentence's end, a block is text; its neighbours are told by the text around them.
_TEXT_WIDTH = 45
_TEXT_WITHIN = 5
# Bounds of the share of a line's terms that the text beside it has too.
_SHARES = (0.0, 0.15, 0.4)
_PLACES = (3, 8)
_MAX_GAP = 3
_MIN_CUT = 30
# What a pull quote says, and whom a caption names, stands so near: the former so long at the least.
_NEAR = 30
_MIN_SAID = 6
# So many characters of a line's beginning are looked for.
_OPENINGS = (2, 3)
# A picture's caption between the halves of a sentence is no wider.
_CAPTION_WIDTH = 120
_LABEL = re.compile(r"[^:：]{1,6}[:：]")
_MANY = 3
# More blocks than are looked at around one.
_KEPT = 64


class Surroundings:
    """A page's blocks, each asked for what those around it show of it."""

    def __init__(
        self, text: str, blocks: Sequence[Block], lines: Sequence[str], own: Sequence[tuple[str, ...]]
    ) -> None:
        """Take the blocks of a text, the beginning of each, and the traits that each shows by itself."""
        self._text, self._blocks, self._lines = text, blocks, lines
        self._shown = [frozenset(traits) for traits in own]
        self._is_text = [
            cells(line) > _TEXT_WIDTH or "finished" in traits for line, traits in zip(lines, own, strict=True)
        ]
        self._terms: OrderedDict[int, set[str]] = OrderedDict()
        self._times = Counter(lines)
        self._squeezed = [squeeze(line) for line in lines]
        self._signed = any("byline" in traits or "dateline" in traits for traits in own)

    def around(self, index: int) -> Iterator[str]:
        """Tell the gaps around a block, and where on the page it stands."""
        last = len(self._blocks) - 1
        above = min(self._blocks[index].gap, _MAX_GAP)
        below = min(self._blocks[index + 1].gap, _MAX_GAP) if index < last else _MAX_GAP
        yield from (f"gap {above}", f"gap below {below}", f"gaps {above} {below}")
        yield f"from top {sum(index >= bound for bound in (1, *_PLACES))}"
        yield f"from foot {sum(last - index >= bound for bound in (1, *_PLACES))}"
        if self._signed:
            yield "signed page"
        if self._times[self._lines[index]] > 1:
            yield "repeated"
        near = self._squeezed[max(0, index - _NEAR) : index] + self._squeezed[index + 1 : index + 1 + _NEAR]
        if _MIN_SAID <= len(self._squeezed[index]) <= _MAX_LINE and any(self._squeezed[index] in s for s in near):
            yield "said elsewhere"
        yield from self._known(index)
        for beside in (index - 1, index + 1):
            if not 0 <= beside <= last:
                continue
            for trait in ("finished", "wider 36", "wider 70"):
                pair = trait in self._shown[index], trait in self._shown[beside]
                yield f"{trait} {beside - index} {pair}"
            yield from (f"{alike} {beside - index}" for alike in self._alike(index, beside))

    def _known(self, index: int) -> Iterator[str]:
        """Tell whether the first word of a short Chinese line stands elsewhere, as the names that captions give do."""
        line = self._lines[index]
        if len(line) > _MAX_LINE or not is_cjk(line[0]):
            return
        near = (*self._lines[max(0, index - _NEAR) : index], *self._lines[index + 1 : index + 1 + _NEAR])
        for length in _OPENINGS:
            if any(line[:length] in other for other in near):
                yield f"opens with {length} known"

    def _alike(self, index: int, beside: int) -> Iterator[str]:
        """Tell in what two blocks are alike, as the items of a list are, or headings of one level."""
        line, other = self._lines[index], self._lines[beside]
        if line[0] == other[0]:
            yield "same letter" if line[0].isalnum() else "same mark"
        labels = _LABEL.match(line), _LABEL.match(other)
        if all(labels):
            yield "both label"
        if (one := heading_pattern(line)) and one == heading_pattern(other):
            yield "same pattern"
        if cells(line) == cells(other) and line != other:
            yield "same width"

    def beside(self, index: int) -> Iterator[str]:
        """Tell how far the text above and below is, and how much it speaks of the same."""
        above = next((n for n in range(index - 1, max(-1, index - 1 - _TEXT_WITHIN), -1) if self._is_text[n]), None)
        below = next(
            (n for n in range(index + 1, min(len(self._lines), index + 1 + _TEXT_WITHIN)) if self._is_text[n]), None
        )
        yield f"text {min(_MANY, index - above - 1) if above is not None else _MANY} above"
        yield f"text {min(_MANY, below - index - 1) if below is not None else _MANY} below"
        yield f"{self._text_below(index)} below"
        if above is not None:
            yield f"above finished {'finished' in self._shown[above]}"
        if len(self._lines[index]) <= _MAX_LINE:
            share = self._share(index, above), self._share(index, below)
            yield from (f"shares {share[0]} above", f"shares {share[1]} below", f"shares {share}")

    def _text_below(self, index: int) -> str:
        """Tell how much text stands between the next short line and the one after it, and whether it is signed."""
        first = next((n for n in range(index + 1, len(self._lines)) if self._is_text[n]), len(self._lines))
        last = next((n for n in range(first, len(self._lines)) if not self._is_text[n]), len(self._lines))
        signed = last > first and not {"signed", "dateline"}.isdisjoint(self._shown[first] | self._shown[last - 1])
        return f"{min(last - first, _MANY)} texts{', signed' if signed else ''}"

    def _share(self, index: int, other: int | None) -> int:
        own = self._terms_of(index)
        if other is None or not own:
            return -1
        return sum(len(own & self._terms_of(other)) / len(own) > bound for bound in _SHARES)

    def _terms_of(self, index: int) -> set[str]:
        """Give what a block speaks of; those near one are asked for again soon."""
        if index not in self._terms:
            if len(self._terms) == _KEPT:
                self._terms.popitem(last=False)
            self._terms[index] = terms(self._lines[index])
        return self._terms[index]

    def cut(self, index: int) -> Iterator[str]:
        """Tell whether a block stands below a cut sentence, and which block ends that."""
        for above in range(index - 1, max(-1, index - 1 - _TEXT_WITHIN), -1):
            block = self._blocks[above]
            if self._is_text[above] and len(block.span) >= _MIN_CUT:
                if is_cut(self._text, block):
                    yield "below cut"
                    if ends_open(ending_of(self._text, block)):
                        yield f"{'short text' if self._is_short_text(index) else 'other'} below open end"
                    yield from self._between(above, index)
                    if reads_across(self._text, block, self._blocks[index]):
                        yield "reads on"
                    later = self._blocks[index + 1 : above + 1 + _TEXT_WITHIN]
                    if any(reads_across(self._text, block, other) for other in later):
                        yield "inside cut"
                return

    def _between(self, cut: int, index: int) -> Iterator[str]:
        """Tell of a short text below a cut one whether more such texts stand below it, before the text goes on."""
        if not self._is_short_text(index) or not all(map(self._is_short_text, range(cut + 1, index))):
            return
        more = index + 1 < len(self._lines) and self._is_short_text(index + 1)
        yield f"{'more' if more else 'last'} of {min(index - cut, _MANY)} below cut"

    def _is_short_text(self, index: int) -> bool:
        shown = self._shown[index]
        return cells(self._lines[index]) <= _CAPTION_WIDTH and not {"finished", "credit"}.isdisjoint(shown)
