import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from retrieval.errors import SourceError
from retrieval.reading.extraction import Extraction, missing_extra
from retrieval.reading.flow import PageLines, flow
from retrieval.reading.layout import Page
from retrieval.reading.recognition import Recogniser
from retrieval.types import ProgressCallback

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MAX_FRAMES", "MAX_PIXELS", "PICTURE_FORMATS", "read_picture"]

# A broadsheet newspaper page at 600 dots an inch has 116 million pixels.
MAX_PIXELS = 150_000_000
MAX_FRAMES = 5_000
_SMALLEST_SIDE = 12
PICTURE_FORMATS = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")


def read_picture(data: bytes, source: str, progress: ProgressCallback | None = None) -> Extraction:
    """Read the print on a picture by OCR, its columns in reading order, with the place of each line in pixels.

    A picture that holds the camera's orientation is turned upright first, as viewers do. Each page of a TIFF file is a
    page.

    :raises SourceError: if it is no picture, is damaged, too small or too large, or shows no text, or the extra 'ocr'
        is missing.
    """
    recogniser = Recogniser()
    if not recogniser.is_installed:
        raise missing_extra(source, "pictures", "ocr")
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # Pillow warns from 90 megapixels on; the limit here is checked below, before anything is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large(source) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _damaged(source, "it is in no known format") from error
    with picture:
        pages = list(_pages(picture, source, recogniser, progress))
    flowing = flow(pages)
    if not flowing.text:
        raise SourceError(f"{source}: no text was found on the picture. Leave it out, or scan it anew if it has text.")
    return Extraction(flowing.text, "ocr", flowing.layout, tuple(recogniser.warnings))


def _pages(
    picture: "Image", source: str, recogniser: Recogniser, progress: ProgressCallback | None
) -> Iterator[PageLines]:
    from PIL import ImageOps

    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if count > MAX_FRAMES:
        raise SourceError(f"{source}: {count} pages are more than the limit of {MAX_FRAMES}. Split the file.")
    for number in range(1, count + 1):
        try:
            picture.seek(number - 1)
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise _too_large(source)
            if min(width, height) < _SMALLEST_SIDE:
                raise SourceError(
                    f"{source}: a picture of {width} x {height} pixels is too small to show text. Leave it out."
                )
            upright = ImageOps.exif_transpose(picture)
        except (OSError, EOFError, ValueError, SyntaxError) as error:
            raise _damaged(source, str(error)) from error
        pieces = recogniser.pieces(upright, number)
        yield PageLines(Page(number, float(upright.width), float(upright.height), recognised=True), pieces)
        if progress is not None:
            progress(number, count, f"{source}, page {number}")


def _too_large(source: str) -> SourceError:
    return SourceError(
        f"{source}: the picture has more than {MAX_PIXELS // 1_000_000} million pixels. Save it smaller, or cut it "
        "to its pages."
    )


def _damaged(source: str, detail: str) -> SourceError:
    return SourceError(
        f"{source}: this is not a picture, or a damaged one ({detail}). Save it anew as PNG, JPEG, TIFF or WebP."
    )
