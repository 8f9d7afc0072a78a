import threading
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from retrieval.reading.flow import Piece
from retrieval.types import Box

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL.Image import Image

__all__ = ["Recogniser"]

# Lines are sought in the picture at this size at most, and read at this one.
_SEARCH_SIDE = 2560
_READING_SIDE = 6000
_LEAST_CONFIDENCE = 0.85
# How far from the ground's shade towards the one farthest from it ink begins.
_INK = 0.4

# The models are loaded once, and take all cores for one picture.
_LOCK = threading.Lock()


class Recogniser:
    """Reads the lines on pictures, with the models that the extra 'ocr' brings; nothing is downloaded.

    ``warnings`` grow by one for each page that could not be read with confidence.
    """

    def __init__(self) -> None:
        """Load nothing yet; the models come with the first picture."""
        self.warnings: list[str] = []

    @property
    def is_installed(self) -> bool:
        """Say whether the packages of the extra 'ocr' are there."""
        try:
            return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "PIL"))
        except ValueError:  # an import that is blocked has no spec
            return False

    def pieces(self, picture: "Image", number: int, *, scale: float = 1.0) -> tuple[Piece, ...]:
        """Read the lines of a picture that stands upright.

        :param number: the number of the page, for the warning.
        :param scale: what a pixel measures in the unit of the boxes that are wanted.
        """
        import numpy as np

        colour = picture.convert("RGB")
        longest = max(colour.size)
        if longest > _READING_SIDE:
            colour.thumbnail((_READING_SIDE, _READING_SIDE))
            scale *= longest / max(colour.size)
        grey = np.asarray(colour.convert("L"))
        with _LOCK:
            result = _engine()(np.ascontiguousarray(np.asarray(colour)[:, :, ::-1]))
        if result.txts is None:
            return ()
        letters = sum(len(text) for text in result.txts)
        sure = sum(len(text) * score for text, score in zip(result.txts, result.scores, strict=True))
        if sure < _LEAST_CONFIDENCE * letters:
            self.warnings.append(
                f"page {number} was hard to read (confidence {sure / letters:.2f}), so words may be wrong. Scan it "
                "anew at 300 dots an inch."
            )
        return tuple(
            Piece(text, _box(corners, grey, scale)) for corners, text in zip(result.boxes, result.txts, strict=True)
        )


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _READING_SIDE,
            "Global.use_cls": False,
            "Det.limit_type": "max",
            "Det.limit_side_len": _SEARCH_SIDE,
        }
    )


def _box(corners: "npt.NDArray[Any]", grey: "npt.NDArray[Any]", scale: float) -> Box:
    """Give the upright box around a line, drawn in to its ink: the search adds half a line's height all around."""
    import numpy as np

    height, width = grey.shape
    left, top = (int(edge) for edge in np.maximum(corners.min(axis=0), 0))
    right, bottom = (int(edge) for edge in np.minimum(np.ceil(corners.max(axis=0)), (width, height)))
    part = grey[top:bottom, left:right].astype(np.int16)
    if part.size:
        distance = np.abs(part - np.median(part))
        ink = distance > max(24, _INK * distance.max())
        # Along the line only, whose height is the same for 一 and 国 as the search gives it.
        axis = 0 if right - left >= bottom - top else 1
        inked = np.flatnonzero(ink.any(axis=axis))
        if inked.size and axis == 0:
            left, right = left + int(inked[0]), left + int(inked[-1]) + 1
        elif inked.size:
            top, bottom = top + int(inked[0]), top + int(inked[-1]) + 1
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    return Box(left * scale, top * scale, right * scale, bottom * scale)
