import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from retrieval.reading.flow import Piece
from retrieval.reading.text_blocks import is_close
from retrieval.types import Box

__all__ = ["PdfPageText"]

# In heights of the characters.
_WORD_GAP = 0.22
_WIDEST_GAP = 0.9
_WIDEST_BLANK = 1.6
_BACKWARDS = 0.4
# PDFium's sign for a hyphen at a line's end.
_HYPHEN = "\x02"
# PDFium gives places on a drawn page as whole numbers, so the page is drawn, as it were, this large.
_STEPS = 1_000_000


@dataclass(slots=True)
class _Run:
    """Characters that follow one another on a line, which runs ``down`` or not once there are two."""

    characters: list[str]
    box: Box
    blank: bool = False
    written_blank: bool = False
    down: bool | None = None

    def takes(self, box: Box) -> bool:
        """Say whether a character in the box goes on where the run ends: to the right or, in vertical text, below."""
        widest = _WIDEST_BLANK if self.blank else _WIDEST_GAP
        if self.down is not True:
            height = min(self.box.height, box.height)
            level = min(self.box.bottom, box.bottom) - max(self.box.top, box.top) > 0.5 * height
            if level and -_BACKWARDS * height <= box.left - self.box.right <= widest * height:
                return True
        if self.down is not False:
            width = max(self.box.width, box.width)
            upright = min(self.box.right, box.right) - max(self.box.left, box.left) > 0.8 * width
            return upright and -_BACKWARDS * width <= box.top - self.box.bottom <= widest * width
        return False

    def add(self, character: str, box: Box) -> None:
        """Take the character, with a blank before it where there is one."""
        across, along = box.left - self.box.right, box.top - self.box.bottom
        if self.down is None:
            self.down = along > across
        gap = along / box.width if self.down else across / box.height
        # PDFium makes blanks of gaps, and takes Chinese characters that are spaced out for words.
        close = is_close(self.characters[-1], character)
        if self.written_blank or ((self.blank or gap > _WORD_GAP) and not close):
            self.characters.append(" ")
        self.characters.append(character)
        self.box = self.box.union(box)
        self.blank = self.written_blank = False


class PdfPageText:
    """The text of a PDF page, upright, in points from its upper left corner.

    ``characters`` counts the visible ones, ``unreadable`` those that the file gives no meaning.
    """

    def __init__(self, page: Any) -> None:
        """Read the page, a ``pypdfium2.PdfPage``, which must stay open."""
        self._page = page
        self.width, self.height = (float(size) for size in page.get_size())
        self.characters = 0
        self.unreadable = 0
        self._origin = self._drawn(0, 0)
        self._across = self._drawn(1000, 0)
        self._up = self._drawn(0, 1000)
        text = page.get_textpage()
        try:
            runs = self._runs(text.raw)
        finally:
            text.close()
        self.pieces = tuple(Piece("".join(run.characters), run.box) for run in runs)

    @property
    def has_pictures(self) -> bool:
        """Say whether there is a picture on the page."""
        return next(iter(self._page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)), None) is not None

    def _runs(self, text: Any) -> list[_Run]:
        runs: list[_Run] = []
        run: _Run | None = None
        rectangle = pdfium.FS_RECTF()
        for index in range(pdfium.FPDFText_CountChars(text)):
            character = chr(pdfium.FPDFText_GetUnicode(text, index))
            if character in "\r\n":
                run = None
            elif character.isspace():
                if run is not None:
                    run.blank = True
                    run.written_blank |= not pdfium.FPDFText_IsGenerated(text, index)
            elif pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rectangle)):
                character = "-" if character == _HYPHEN else character
                self.characters += 1
                self.unreadable += character in "\0\ufffd\ufffe" or "\ue000" <= character <= "\uf8ff"
                box = self._shown(rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)
                if box is None or character in "\0\ufffe":
                    continue
                if run is not None and run.takes(box):
                    run.add(character, box)
                else:
                    run = _Run([character], box)
                    runs.append(run)
        return runs

    def _shown(self, left: float, top: float, right: float, bottom: float) -> Box | None:
        """Give a box of the file, whose page may be turned or cut, as it is seen; None if it has no extent."""
        corners = [self._point(x, y) for x, y in ((left, top), (right, bottom))]
        (x1, y1), (x2, y2) = corners
        if x1 == x2 or y1 == y2:
            return None
        return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        shown = [
            origin + (across - origin) * x / 1000 + (up - origin) * y / 1000
            for origin, across, up in zip(self._origin, self._across, self._up, strict=True)
        ]
        return shown[0] * self.width, shown[1] * self.height

    def _drawn(self, x: float, y: float) -> tuple[float, float]:
        """Give a point of the file as parts of the width and height of the page as it is seen."""
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            self._page.raw, 0, 0, _STEPS, _STEPS, 0, x, y, ctypes.byref(across), ctypes.byref(down)
        )
        return across.value / _STEPS, down.value / _STEPS
