"""What a variable of the environment may hold, and how each kind is read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.errors import WenjuError

__all__ = [
    "BACKENDS",
    "LOG_LEVELS",
    "SecretStr",
    "SettingsError",
    "read_backend",
    "read_log_level",
    "read_numbers",
    "read_origins",
    "read_path",
    "read_secret",
    "read_switch",
    "read_text",
    "read_url",
    "read_words",
    "whole_reader",
]

BACKENDS = ("local", "milvus")
LOG_LEVELS = ("critical", "error", "warning", "info", "debug")


class SettingsError(WenjuError):
    """A variable of the environment does not hold what it must hold."""


@dataclass(frozen=True, slots=True)
class SecretStr:
    """A text that never shows itself in a log, a trace or a ``repr``."""

    _value: str = field(repr=False)

    def get_secret_value(self) -> str:
        """Give the text itself."""
        return self._value

    def __str__(self) -> str:
        """Show that there is something, and nothing of it."""
        return "**********"

    def __repr__(self) -> str:
        """Show that there is something, and nothing of it."""
        return "SecretStr('**********')"


def read_path(name: str, value: str) -> Path:
    """Give a path; ``~`` is the user's home.

    :raises SettingsError: if there is no such home.
    """
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"{name} is {value!r}, in the home of a user who is not known: write it in full") from error


def read_text(_name: str, value: str) -> str:
    """Give the text as it is."""
    return value


def read_secret(_name: str, value: str) -> SecretStr:
    """Give a text that is never to be shown."""
    return SecretStr(value.strip())


def whole_reader(least: int, most: int) -> Callable[[str, str], int]:
    """Make a reader of whole numbers from ``least`` to ``most``."""

    def read(name: str, value: str) -> int:
        if not (value.isascii() and value.isdecimal() and least <= int(value[:9]) <= most):
            raise SettingsError(f"{name} is {value[:40]!r}: set it to a whole number from {least} to {most}")
        return int(value)

    return read


def read_url(name: str, value: str) -> str:
    """Give an address of the web.

    :raises SettingsError: if it is none.
    """
    if not value.startswith(("http://", "https://")):
        raise SettingsError(f"{name} is {value[:80]!r}: set it to an address that begins with https:// or http://")
    return value


def read_log_level(name: str, value: str) -> str:
    """Give the name of a level in small letters.

    :raises SettingsError: if there is no such level.
    """
    if value.lower() not in LOG_LEVELS:
        raise SettingsError(f"{name} is {value[:40]!r}: set it to one of {', '.join(LOG_LEVELS)}")
    return value.lower()


def read_backend(name: str, value: str) -> str:
    """Give the name of a backend in small letters.

    :raises SettingsError: if there is no such backend.
    """
    if value.lower() not in BACKENDS:
        raise SettingsError(f"{name} is {value[:40]!r}: set it to one of {', '.join(BACKENDS)}")
    return value.lower()


def read_switch(name: str, value: str) -> bool:
    """Give whether something is on.

    :raises SettingsError: if the value is neither on nor off.
    """
    if value.lower() not in ("on", "off"):
        raise SettingsError(f"{name} is {value[:40]!r}: set it to on or off")
    return value.lower() == "on"


def read_words(_name: str, value: str) -> tuple[str, ...]:
    """Give the parts between commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def read_numbers(name: str, value: str) -> tuple[int, ...]:
    """Give the whole numbers between commas.

    :raises SettingsError: if one is no such number.
    """
    words = read_words(name, value)
    for word in words:
        if not (word.isascii() and word.isdecimal() and len(word) <= 18):
            raise SettingsError(f"{name} names {word[:40]!r}: name whole numbers, as 12345, with a comma between two")
    return tuple(int(word) for word in words)


def read_origins(name: str, value: str) -> tuple[str, ...]:
    """Give the origins of web pages, without paths.

    :raises SettingsError: if one is no origin.
    """
    origins = read_words(name, value)
    for origin in origins:
        scheme, mark, rest = origin.partition("://")
        if scheme not in ("http", "https") or not mark or not rest or set(rest) & set("/*?#"):
            raise SettingsError(
                f"{name} names {origin[:80]!r}: name each page's origin in full, as https://archive.example, with a "
                "comma between two"
            )
    return origins
