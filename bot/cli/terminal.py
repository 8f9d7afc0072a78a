import io
import json
import re
import sys
from dataclasses import dataclass
from typing import Any, TextIO

import click

__all__ = ["Style", "clean", "hide_sequences", "note", "one_line", "prepare_streams", "to_json"]

_ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\n\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # window title, links
    r"|\x1b[ -/]*[0-~]"
)
# What is left of C0 and C1 but the newline, and the marks that turn the direction of the text around them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# What JSON may hold as it is, but a terminal obeys or a reader of lines takes for the end of one; and lone surrogates.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def clean(text: str) -> str:
    """Take out of a text what a terminal would obey and not show; newlines stay, a tab becomes a space."""
    return _CONTROL.sub("", _ESCAPE_SEQUENCE.sub("", text)).replace("\t", " ")


def hide_sequences(text: str) -> str:
    """Put NUL, which ``clean`` takes out, in place of each character of an escape sequence: no offset moves."""
    return _ESCAPE_SEQUENCE.sub(lambda found: "\0" * len(found[0]), text)


def one_line(text: str) -> str:
    """Clean a text and join its lines with single spaces."""
    return " ".join(clean(text).split())


@dataclass(frozen=True, slots=True)
class Style:
    """How emphasis is written: ``color`` tells whether the reader's terminal shows it."""

    color: bool

    @classmethod
    def of(cls, stream: TextIO, wish: bool | None) -> "Style":
        """Choose for a stream; ``wish`` is the user's, None leaves it to whether the stream is a terminal."""
        return cls(stream.isatty() if wish is None else wish)

    def strong(self, text: str) -> str:
        """Write words that must be seen first; underlined too, since few terminals have bold Chinese."""
        return f"\x1b[1;4m{text}\x1b[0m" if self.color and text else text

    def title(self, text: str) -> str:
        """Write a heading."""
        return f"\x1b[1m{text}\x1b[0m" if self.color and text else text

    def faint(self, text: str) -> str:
        """Write what may be read last."""
        return f"\x1b[2m{text}\x1b[0m" if self.color and text else text


def prepare_streams() -> None:
    """Write UTF-8 whatever the locale says, and escape what no encoding has instead of failing over it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def note(text: str) -> None:
    """Write one line to standard error."""
    click.echo(one_line(text), err=True)


def to_json(value: Any) -> str:
    """Write a value as one line of JSON that is safe on a terminal; read back, it is the same to the character."""
    return _UNSAFE_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
