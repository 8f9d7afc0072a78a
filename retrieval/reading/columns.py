from collections.abc import Sequence
from statistics import median

from retrieval.reading.precedence import by_precedence
from retrieval.types import Box

__all__ = ["reading_order", "rows_of"]

# All in heights of a line of the page's running text.
_GUTTER = 0.6
_GUTTER_OF_ONE_ROW = 2.0
_LARGE = 1.25
_INDENT = 0.6
_LEADING = 0.9
_CENTRED = 1.0
_LABEL = 4.0
# Lines of neighbouring columns touch a little in a crooked scan.
_SLACK = 0.12
_DEEPEST = 60


def reading_order(boxes: Sequence[Box]) -> list[list[int]]:
    """Put the lines of a page in the order in which a person reads them, column by column.

    The page is cut along blank strips again and again (the recursive XY cut): into columns where a blank strip runs
    through from top to bottom, else into parts that stand under one another. Rows whose blank strips lie at the same
    place are one part, so gaps between paragraphs that happen to lie side by side do not cut through the columns; a
    large or centred line that stands alone in its row ends the columns above it. What no straight cut takes apart is
    ordered by which block has to be read before which.

    :param boxes: the lines, horizontal ones; see ``turned`` for vertical writing.
    :return: the columns of each part, as indexes of the lines from top to bottom.
    """
    if not boxes:
        return []
    return _Page(boxes).order(list(range(len(boxes))), 0)


def rows_of(indexes: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """Gather the lines that stand side by side, from top to bottom, each row from left to right."""
    rows: list[list[int]] = []
    for index in sorted(indexes, key=lambda i: (boxes[i].top + boxes[i].bottom, boxes[i].left, i)):
        if rows and _share_a_row(boxes[rows[-1][-1]], boxes[index]):
            rows[-1].append(index)
        else:
            rows.append([index])
    return [sorted(row, key=lambda i: (boxes[i].left, i)) for row in rows]


def _share_a_row(one: Box, other: Box) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    beside = min(one.right, other.right) - max(one.left, other.left) < 0.5 * min(one.width, other.width)
    return beside and overlap > 0.5 * min(one.height, other.height)


class _Page:
    """The lines of a page and the height of a line of its running text."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self._boxes = boxes
        # Long lines count for more: headlines and captions are few and short beside the running text.
        heights = sorted(boxes, key=lambda box: box.height)
        half = sum(box.width for box in boxes) / 2
        covered = 0.0
        self._em = heights[-1].height
        for box in heights:
            covered += box.width
            if covered >= half:
                self._em = box.height
                break

    def order(self, items: list[int], depth: int) -> list[list[int]]:
        if len(items) == 1 or depth > _DEEPEST or self._is_one_row(items):
            return [items]
        columns = self._columns(items)
        if len(columns) == 1:
            return [items]
        if not columns:
            strips = self._strips(items)
            simple = all(len(rows_of(strip, self._boxes)) == 1 for strip in strips)
            if simple and not any(self._has_gaps(strips)):
                return [items]
            strips = self._unbroken(strips)
            if len(strips) == 1:
                return by_precedence(items, self._boxes, self._em)
            columns = self._join(strips, self._has_gaps(strips))
            if len(columns) == 1:
                return by_precedence(items, self._boxes, self._em)
        return [block for part in columns for block in self.order(part, depth + 1)]

    def _is_one_row(self, items: list[int]) -> bool:
        return len(items) > 1 and len(rows_of(items, self._boxes)) == 1 and not self._gaps(items, _GUTTER_OF_ONE_ROW)

    def _has_gaps(self, strips: list[list[int]]) -> list[bool]:
        return [self._has_gap(strips, number) for number in range(len(strips))]

    def _has_gap(self, strips: list[list[int]], number: int) -> bool:
        """Say whether a strip stands in columns; in a single row that is certain only with a row beside it."""
        strip = strips[number]
        if not self._gaps(strip, _GUTTER):
            return False
        if len(rows_of(strip, self._boxes)) > 1 or self._gaps(strip, _GUTTER_OF_ONE_ROW):
            return True
        beside = strips[max(0, number - 1) : number] + strips[number + 1 : number + 2]
        return any(self._gaps(strip + other, _GUTTER) for other in beside)

    def _gaps(self, items: list[int], least: float) -> list[tuple[float, float]]:
        """Give the blank strips that run through from top to bottom, at least ``least`` lines' heights wide."""
        gaps: list[tuple[float, float]] = []
        reach = None
        for left, right in sorted((self._boxes[i].left, self._boxes[i].right) for i in items):
            if reach is not None and left - reach >= least * self._em:
                gaps.append((reach, left))
            reach = right if reach is None else max(reach, right)
        return gaps

    def _columns(self, items: list[int]) -> list[list[int]]:
        """Cut along the blank strips that run from top to bottom; give none where there are none."""
        gaps = self._gaps(items, _GUTTER if len(rows_of(items, self._boxes)) > 1 else _GUTTER_OF_ONE_ROW)
        if not gaps:
            return []
        columns: list[list[int]] = [[]]
        for index in sorted(items, key=lambda i: (self._boxes[i].left, i)):
            if len(columns) <= len(gaps) and self._boxes[index].left >= gaps[len(columns) - 1][1]:
                columns.append([])
            columns[-1].append(index)
        return self._without_labels(columns)

    def _without_labels(self, columns: list[list[int]]) -> list[list[int]]:
        """Join columns of labels, numbers or short cells with the column beside them, row for row."""
        joined = [columns[0]]
        for column in columns[1:]:
            if self._are_rows(joined[-1], column):
                joined[-1] = joined[-1] + column
            else:
                joined.append(column)
        return joined

    def _are_rows(self, left: list[int], right: list[int]) -> bool:
        widths = [median(self._boxes[i].width for i in side) for side in (left, right)]
        if min(widths) > _LABEL * self._em:
            return False
        fewer, more = sorted((left, right), key=len)
        level = sum(any(_share_a_row(self._boxes[one], self._boxes[other]) for other in more) for one in fewer)
        return len(fewer) > 1 and level > 0.8 * len(fewer)

    def _strips(self, items: list[int]) -> list[list[int]]:
        """Cut along the blank strips that run through from left to right."""
        strips: list[list[int]] = []
        reach = 0.0
        for index in sorted(items, key=lambda i: (self._boxes[i].top, i)):
            box = self._boxes[index]
            slack = min(_SLACK * self._em, 0.25 * box.height)
            if not strips or box.top + slack >= reach:
                strips.append([])
            strips[-1].append(index)
            reach = max(reach, box.bottom - slack) if len(strips[-1]) > 1 else box.bottom - slack
        return strips

    def _unbroken(self, strips: list[list[int]]) -> list[list[int]]:
        """Undo the cuts that pass between two lines of one paragraph."""
        joined = [strips[0]]
        for strip in strips[1:]:
            above, below = rows_of(joined[-1], self._boxes)[-1], rows_of(strip, self._boxes)[0]
            may_end = len(above) >= len(below)
            if any(self._goes_on(one, other, may_end) for one in above for other in below):
                joined[-1] = joined[-1] + strip
            else:
                joined.append(strip)
        return joined

    def _goes_on(self, one: int, other: int, may_end: bool) -> bool:
        """Say whether two lines look like those of one paragraph, which may end with the lower one."""
        upper, lower = self._boxes[one], self._boxes[other]
        longer = lower.right - upper.right
        return (
            -0.5 * self._em < lower.top - upper.bottom < _LEADING * self._em
            and abs(upper.left - lower.left) < _INDENT * self._em
            and (longer if may_end else abs(longer)) < _INDENT * self._em
            and max(upper.height, lower.height) < _LARGE * min(upper.height, lower.height)
        )

    def _join(self, strips: list[list[int]], has_gap: list[bool]) -> list[list[int]]:
        """Join the strips that are rows of the same columns, and those that are lines of the same column."""
        parts: list[list[int]] = []
        alone: list[bool] = []
        whole = [index for strip in strips for index in strip]
        for number, strip in enumerate(strips):
            separate = not has_gap[number] and self._stands_alone(strip, whole)
            if parts and separate == alone[-1] and self._belongs(parts[-1], strip):
                parts[-1] = parts[-1] + strip
            else:
                parts.append(list(strip))
                alone.append(separate)
        return self._attach(parts, alone)

    def _belongs(self, part: list[int], strip: list[int]) -> bool:
        before, after = bool(self._gaps(part, _GUTTER)), bool(self._gaps(strip, _GUTTER))
        together = bool(self._gaps(part + strip, _GUTTER))
        if before or after:
            return together and (before or not after)
        return not together

    def _attach(self, parts: list[list[int]], alone: list[bool]) -> list[list[int]]:
        """Give lines that begin a column above its neighbours to the columns below them."""
        joined: list[list[int]] = []
        joined_alone: list[bool] = []
        for part, separate in zip(reversed(parts), reversed(alone), strict=True):
            if (
                joined
                and not separate
                and not joined_alone[-1]
                and not self._gaps(part, _GUTTER)
                and self._gaps(joined[-1], _GUTTER)
                and self._gaps(part + joined[-1], _GUTTER)
            ):
                joined[-1] = part + joined[-1]
            else:
                joined.append(part)
                joined_alone.append(separate)
        return joined[::-1]

    def _stands_alone(self, strip: list[int], whole: list[int]) -> bool:
        """Say whether the strip is a headline, or a line set in the middle that no column's edge explains."""
        boxes = [self._boxes[i] for i in strip]
        if min(box.height for box in boxes) > _LARGE * self._em:
            return True
        left, right = min(box.left for box in boxes), max(box.right for box in boxes)
        outer_left = min(self._boxes[i].left for i in whole)
        outer_right = max(self._boxes[i].right for i in whole)
        if abs((left + right) - (outer_left + outer_right)) > 2 * _CENTRED * self._em:
            return False
        others = [self._boxes[i] for i in whole if i not in strip]
        same_column = [box for box in others if min(box.right, right) - max(box.left, left) > 0.5 * (right - left)]
        aligned = sum(abs(box.left - left) < _INDENT * self._em for box in same_column)
        return 4 * aligned < len(same_column) and right - left < 0.9 * (outer_right - outer_left)
