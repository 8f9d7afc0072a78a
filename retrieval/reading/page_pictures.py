"""Pictures of a document's pages, as PNG."""

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING, Any

from retrieval.errors import MissingExtraError, OriginalMissingError
from retrieval.reading.pdf import PDFIUM_LOCK
from retrieval.reading.picture import MAX_PIXELS, PICTURE_FORMATS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MAX_WIDTH", "MIN_WIDTH", "page_picture"]

MIN_WIDTH = 100
MAX_WIDTH = 4000
# A page that is far taller than wide is drawn narrower than it was asked for.
_MOST_PIXELS = 40_000_000
_COLOURS = 3


def page_picture(data: bytes, media_type: str, number: int, width: int = 1200) -> bytes:
    """Draw a page.

    :param data: the file, PDF or a picture.
    :param number: the page's number, from 1.
    :param width: pixels; a picture is never made larger than it is, nor a page than 40 million pixels.
    :returns: the page as PNG.
    :raises ValueError: if the width is not between 100 and 4000.
    :raises OriginalMissingError: if the file has no such page, no pages at all, or cannot be drawn.
    :raises MissingExtraError: if the package that draws the format is not installed.
    """
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        raise ValueError(f"a page's picture is {MIN_WIDTH} to {MAX_WIDTH} pixels wide, not {width}")
    if media_type == "application/pdf":
        return _encode(_draw_pdf(data, number, width))
    if media_type.startswith("image/"):
        return _encode(_draw_picture(data, number, width))
    raise OriginalMissingError(f"a file of type {media_type} has no pages to draw; PDF and pictures have")


def _draw_pdf(data: bytes, number: int, width: int) -> "NDArray[np.uint8]":
    try:
        import pypdfium2
    except ImportError:
        raise MissingExtraError("drawing a PDF's pages", "documents") from None
    with PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise _undrawable(error) from error
        try:
            _check_number(number, len(document))
            page = document[number - 1]
            wide, high = page.get_size()
            scale = min(width / max(1.0, wide), (_MOST_PIXELS / max(1.0, wide * high)) ** 0.5)
            bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
            drawn: NDArray[np.uint8] = bitmap.to_numpy()[:, :, :_COLOURS].copy()
            return drawn
        except pypdfium2.PdfiumError as error:
            raise _undrawable(error) from error
        finally:
            document.close()


def _draw_picture(data: bytes, number: int, width: int) -> "NDArray[np.uint8]":
    try:
        from PIL import Image, ImageOps
    except ImportError:
        raise MissingExtraError("drawing a picture's pages", "ocr") from None
    import numpy as np

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Any = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
        with picture:
            _check_number(number, getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1)
            picture.seek(number - 1)
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large()
            # A JPEG is decoded at a fraction of its size where that is enough.
            picture.draft("RGB", (width, width * picture.height // max(1, picture.width)))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
            if upright.width > width:
                upright = upright.resize((width, max(1, round(upright.height * width / upright.width))))
            return np.asarray(upright)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, EOFError, ValueError, SyntaxError) as error:
        raise _undrawable(error) from error


def _check_number(number: int, pages: int) -> None:
    if not 1 <= number <= pages:
        raise OriginalMissingError(f"there is no page {number}; the file has {pages}")


def _too_large() -> OriginalMissingError:
    return OriginalMissingError(
        f"the picture has more than the {MAX_PIXELS // 1_000_000} million pixels that are drawn. Save it smaller"
    )


def _undrawable(error: Exception) -> OriginalMissingError:
    return OriginalMissingError(f"the page cannot be drawn: {error}. Get a whole copy of the file and sync it again")


def _encode(pixels: "NDArray[np.uint8]") -> bytes:
    """Write pixels, rows of red, green and blue, as PNG: the signature, the head, the rows, the end."""
    high, wide, _ = pixels.shape
    head = struct.pack(">2I5B", wide, high, 8, 2, 0, 0, 0)
    # Each row begins with its filter, which is none: a page is mostly white, and packs well without.
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
