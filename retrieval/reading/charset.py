import codecs
import re
from dataclasses import dataclass

from retrieval.errors import SourceError
from retrieval.reading.text import decode_text

__all__ = ["DecodedMarkup", "decode_markup"]

_DECLARATION = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.-]{2,40})""",
    re.IGNORECASE,
)
_PRESCAN_BYTES = 4096
# Browsers read these declarations as the larger sets that contain them, and so do the pages' authors.
_LARGER = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
}
# A few damaged bytes spoil a few characters of a page; more say that the declaration is wrong.
_MOST_DAMAGED = 0.002
_FEW_DAMAGED = 3


@dataclass(frozen=True, slots=True)
class DecodedMarkup:
    """The text of a page with the codec that it was in; ``warnings`` say what was wrong with bytes or declaration."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode_markup(data: bytes, source: str) -> DecodedMarkup:
    """Decode HTML or XHTML: a mark or valid UTF-8 decides, then what the page declares, then what its bytes look like.

    :raises SourceError: if no encoding is certain, or the bytes are no text.
    """
    declared = _declared_codec(data)
    if declared is None or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_utf8(data):
        decoded = decode_text(data, source)
        return DecodedMarkup(decoded.text, decoded.encoding, _contradiction(declared, decoded.encoding))
    text = data.decode(declared, errors="replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    if not damaged:
        return DecodedMarkup(text, declared)
    try:
        decoded = decode_text(data, source)
    except SourceError:
        if damaged > max(_FEW_DAMAGED, _MOST_DAMAGED * len(text)):
            raise
        warning = f"{damaged} damaged characters of {declared} are shown as \N{REPLACEMENT CHARACTER}. Repair the page."
        return DecodedMarkup(text, declared, (warning,))
    return DecodedMarkup(decoded.text, decoded.encoding, _contradiction(declared, decoded.encoding))


def _declared_codec(data: bytes) -> str | None:
    """Give the Python codec that a page declares near its beginning, if Python knows it and it is for text."""
    match = _DECLARATION.search(data[:_PRESCAN_BYTES])
    if match is None:
        return None
    try:
        info = codecs.lookup((match[1] or match[2]).decode("ascii"))
    except LookupError:
        return None
    # The declaration was read as ASCII, so the page is in no wide encoding, whatever it says.
    if info.name.startswith(("utf-16", "utf-32")) or not getattr(info, "_is_text_encoding", True):
        return None
    return _LARGER.get(info.name, info.name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # Seven-bit encodings with escapes are valid UTF-8 and yet another thing.
    return b"\x1b$" not in data


def _contradiction(declared: str | None, found: str) -> tuple[str, ...]:
    if declared is None or declared in {found, "cp1252"} or found.startswith("utf-8"):
        return ()
    return (f"the page declares {declared} but is in {found}, and was read so. Correct the declaration.",)
