import codecs
import re
import unicodedata
from dataclasses import dataclass

from retrieval.errors import SourceError
from retrieval.reading.detection import detect_encoding

__all__ = ["DecodedText", "decode_text"]

_CURE = "Convert the file to UTF-8 and try again."

# The mark, the name that is reported, and the codec of the bytes after the mark. UTF-32's little-endian mark begins
# with UTF-16's, so it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
)
_FOREIGN_FORMATS = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x1f\x8b", "gzip data"),
    (b"{\\rtf", "an RTF document"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
# A log with escape sequences or an old text with page marks has a few control characters, binary data has many.
_MOST_CONTROLS = 0.02
_SAMPLE_CHARACTERS = 1 << 16


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text and the encoding it was in, as the name of a Python codec."""

    text: str
    encoding: str


def decode_text(data: bytes, source: str) -> DecodedText:
    """Decode a text file exactly: no character is replaced, dropped or translated; a byte order mark is no text.

    A byte order mark decides; without one strict UTF-8 is tried first; other encodings are taken only when their text
    is certain to be right.

    :param data: the file's bytes.
    :param source: the file's name, for messages.
    :return: the text and its encoding; ``utf-8-sig``, ``utf-16`` and ``utf-32`` say that there was a byte order mark.
    :raises SourceError: if the bytes are not certainly text in a known encoding, or hold no visible character.
    """
    if not data:
        raise SourceError(f"{source}: the file is empty. Give it some text or leave it out.")
    for signature, name in _FOREIGN_FORMATS:
        if data.startswith(signature):
            raise SourceError(f"{source}: this is {name} under a text file's name. Save its text as a UTF-8 text file.")
    decoded = _decode(data, source)
    _refuse_binary(decoded.text, source)
    _refuse_blank(decoded.text, source)
    return decoded


def _decode(data: bytes, source: str) -> DecodedText:
    for mark, name, codec in _MARKS:
        if data.startswith(mark):
            return DecodedText(_decode_strictly(data, len(mark), codec, source), name)
    has_null = b"\0" in data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        detected = None if _is_damaged_utf8(data) else detect_encoding(data)
        if detected is None:
            if has_null:
                raise _binary(source, data.index(b"\0")) from None
            raise SourceError(
                f"{source}: byte {error.start} (0x{data[error.start]:02x}) is not UTF-8, and no other encoding is "
                f"certain. {_CURE}"
            ) from None
        return DecodedText(_decode_strictly(data, 0, detected, source), detected)
    if not has_null:
        return DecodedText(text, "utf-8")
    # Latin text in UTF-16 is valid UTF-8 with a null byte beside every letter.
    detected = detect_encoding(data)
    if detected is None:
        raise _binary(source, data.index(b"\0"))
    return DecodedText(_decode_strictly(data, 0, detected, source), detected)


def _decode_strictly(data: bytes, start: int, codec: str, source: str) -> str:
    try:
        return str(memoryview(data)[start:], codec)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{source}: the file is in {codec}, but byte {start + error.start} "
            f"(0x{data[start + error.start]:02x}) does not belong there. {_CURE}"
        ) from None


def _is_damaged_utf8(data: bytes) -> bool:
    """Say whether most bytes beyond ASCII form UTF-8 characters, so that only a few bytes are wrong."""
    sample = data[: 4 * _SAMPLE_CHARACTERS]
    right = wrong = 0
    for character in sample.decode("utf-8", errors="surrogateescape"):
        if "\udc80" <= character <= "\udcff":
            wrong += 1
        elif character > "\x7f":
            right += len(character.encode())
    return right > wrong


def _refuse_binary(text: str, source: str) -> None:
    position = text.find("\0")
    if position >= 0:
        raise SourceError(
            f"{source}: the file is not text: it has a null character at position {position}. Leave it out, or save "
            "its text as UTF-8."
        )
    sample = text[:_SAMPLE_CHARACTERS]
    controls = len(_CONTROLS.findall(sample))
    if controls > _MOST_CONTROLS * len(sample):
        raise SourceError(
            f"{source}: the file is not text: {controls} of its first {len(sample)} characters are control characters. "
            "Leave it out, or save its text as UTF-8."
        )


def _binary(source: str, offset: int) -> SourceError:
    return SourceError(
        f"{source}: the file is not text: it has a null byte at byte {offset}. Leave it out, or save its text as UTF-8."
    )


def _refuse_blank(text: str, source: str) -> None:
    # Letters, digits, punctuation and symbols can be quoted; separators, controls and format characters cannot.
    if not any(unicodedata.category(character)[0] in "LNPSM" for character in text):
        raise SourceError(f"{source}: the file holds only blanks. Give it some text or leave it out.")
