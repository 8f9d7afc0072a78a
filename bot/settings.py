"""The settings of all surfaces, from the environment and an optional ``.env`` file: their one reader.

A plain dataclass and not pydantic-settings, whose import alone takes 0.3 s of the second in which ``ask`` answers.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from retrieval.errors import WenjuError

__all__ = ["LOG_LEVELS", "MAX_TOP", "SecretStr", "Settings", "SettingsError", "checkout"]

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")
MAX_TOP = 10
_PREFIX = "WENJU_"
_ROOT = Path(__file__).resolve().parent.parent


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


def default_archive(environ: Mapping[str, str]) -> Path:
    """Give the archive's folder when none is named: in the checkout, else among the user's data."""
    if is_checkout():
        return _ROOT / ".wenju" / "archive"
    data = environ.get("XDG_DATA_HOME", "")
    return (Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share") / "wenju" / "archive"


def default_cache(environ: Mapping[str, str]) -> Path:
    """Give the folder of the unpacked encoder and dictionary: in the checkout, else among the user's caches."""
    if is_checkout():
        return _ROOT / ".wenju" / "cache"
    cache = environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "wenju"


def default_sources() -> Path | None:
    """Give the folder of the first archive's files, which only a checkout has."""
    return _ROOT / "seeds" if is_checkout() else None


def checkout() -> Path | None:
    """Give the project folder that this code runs from, None where it was installed without one."""
    return _ROOT if is_checkout() else None


def is_checkout() -> bool:
    """Tell whether this code runs from its own project folder."""
    return (_ROOT / "pyproject.toml").is_file() and (_ROOT / "seeds").is_dir()


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. ``Settings()`` holds the defaults; ``Settings.load()`` reads the environment.

    Each field is the variable ``WENJU_`` + its name in capitals, but for ``color``, which is ``NO_COLOR`` or
    ``FORCE_COLOR``; ``color`` is None where the terminal decides. ``sources`` is what the first use of the default
    archive is built from. ``encoder`` is None for the one that built the archive. ``language`` is the language of
    notes that answer no question.
    """

    archive: Path = field(default_factory=lambda: default_archive(os.environ))
    cache: Path = field(default_factory=lambda: default_cache(os.environ))
    sources: Path | None = field(default_factory=default_sources)
    encoder: str | None = None
    top: int = 3
    host: str = "127.0.0.1"
    port: int = 8000
    telegram_token: SecretStr | None = None
    telegram_base_url: str = "https://api.telegram.org/bot"
    log_level: str = "info"
    language: str = "en"
    color: bool | None = None

    @property
    def archive_is_default(self) -> bool:
        """Tell whether nobody named another archive."""
        return self.archive == default_archive(os.environ)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; variables that are set win over the ``.env`` file, empty ones count as not set.

        :param environ: the variables, by default the process's own.
        :raises SettingsError: if a variable does not hold what it must hold.
        """
        set_variables = os.environ if environ is None else environ
        variables = {**_read_env_file(), **{name: value for name, value in set_variables.items() if value}}
        chosen: dict[str, Any] = {
            "archive": default_archive(variables),
            "cache": default_cache(variables),
            "language": _locale_language(variables),
        }
        for name, read in _READERS.items():
            if value := variables.get(_PREFIX + name.upper()):
                chosen[name] = read(_PREFIX + name.upper(), value)
        return cls(**chosen, color=_color(variables))


def _read_env_file() -> dict[str, str]:
    path = (_ROOT if is_checkout() else Path.cwd()) / ".env"
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # 20 ms that nobody without such a file should pay

    try:
        return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {path} cannot be read ({error}): mend it or remove it") from error


def _path(name: str, value: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError as error:
        raise SettingsError(f"{name} is {value!r}, in the home of a user who is not known: write it in full") from error


def _text(_name: str, value: str) -> str:
    return value


def _secret(_name: str, value: str) -> SecretStr:
    return SecretStr(value.strip())


def _whole(least: int, most: int) -> Callable[[str, str], int]:
    def read(name: str, value: str) -> int:
        if not (value.isascii() and value.isdecimal() and least <= int(value[:9]) <= most):
            raise SettingsError(f"{name} is {value[:40]!r}: set it to a whole number from {least} to {most}")
        return int(value)

    return read


def _url(name: str, value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise SettingsError(f"{name} is {value[:80]!r}: set it to an address that begins with https:// or http://")
    return value


def _log_level(name: str, value: str) -> str:
    if value.lower() not in LOG_LEVELS:
        raise SettingsError(f"{name} is {value[:40]!r}: set it to one of {', '.join(LOG_LEVELS)}")
    return value.lower()


def _locale_language(variables: Mapping[str, str]) -> str:
    locale = next((variables[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if variables.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _color(variables: Mapping[str, str]) -> bool | None:
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return False if variables.get("TERM") == "dumb" else None


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "archive": _path,
    "cache": _path,
    "sources": _path,
    "encoder": _text,
    "top": _whole(1, MAX_TOP),
    "host": _text,
    "port": _whole(0, 65535),
    "telegram_token": _secret,
    "telegram_base_url": _url,
    "log_level": _log_level,
    "language": _text,
}
