"""The settings of all surfaces, from the environment and an optional ``.env`` file: their one reader.

A plain dataclass and not pydantic-settings, whose import alone takes 0.3 s of the second in which ``ask`` answers.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.variables import (
    LOG_LEVELS,
    SecretStr,
    SettingsError,
    read_backend,
    read_log_level,
    read_numbers,
    read_origins,
    read_path,
    read_secret,
    read_switch,
    read_text,
    read_url,
    read_words,
    whole_reader,
)

if TYPE_CHECKING:
    from retrieval.types import BackendChoice

__all__ = ["LOG_LEVELS", "MAX_TOP", "SecretStr", "Settings", "SettingsError", "checkout"]

MAX_TOP = 10
_PREFIX = "WENJU_"
_ROOT = Path(__file__).resolve().parent.parent


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
    archive is built from. ``archive_url`` is the PostgreSQL database that holds the documents, None for the folder
    ``archive``; it may hold a password. ``encoder`` is None for the one that built the archive, ``backend`` too:
    ``local`` or ``milvus``, whose server is at ``milvus_uri``. ``language`` is the language of
    notes that answer no question. ``llm_url`` is an OpenAI-compatible server's address up to ``/v1``, None for no
    summaries, ``llm_timeout`` the seconds that one may take.
    ``state_url`` is where conversations, keys and feedback are kept; it may hold a
    password. ``api_keys`` is None where the address that is listened at decides, and ``rate_per_address`` too; rates
    are requests a minute, 0 for any number. ``.env.example`` says what each of the others is.
    """

    archive: Path = field(default_factory=lambda: default_archive(os.environ))
    archive_url: SecretStr | None = None
    cache: Path = field(default_factory=lambda: default_cache(os.environ))
    sources: Path | None = field(default_factory=default_sources)
    encoder: str | None = None
    backend: str | None = None
    milvus_uri: str | None = None
    milvus_token: SecretStr | None = None
    top: int = 3
    host: str = "127.0.0.1"
    port: int = 8000
    telegram_token: SecretStr | None = None
    telegram_base_url: str = "https://api.telegram.org/bot"
    telegram_admins: tuple[int, ...] = ()
    telegram_forget_hours: int = 72
    telegram_questions_per_minute: int = 20
    telegram_drop_pending: bool = False
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_webhook_host: str = "127.0.0.1"
    telegram_webhook_port: int = 8443
    telegram_status_port: int | None = None
    log_level: str = "info"
    language: str = "en"
    llm_url: str | None = None
    llm_model: str = "default"
    llm_key: SecretStr | None = None
    llm_timeout: int = 20
    color: bool | None = None
    state_url: SecretStr | None = None
    api_keys: bool | None = None
    workers: int = 1
    public_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    rate_per_key: int = 600
    rate_per_address: int | None = None
    upload_megabytes: int = 64
    question_seconds: int = 30
    conversation_days: int = 30
    log_questions: bool = False

    @property
    def backend_choice(self) -> "BackendChoice":
        """Give where passages are searched, as ``Archive.open`` takes it."""
        from retrieval.types import BackendChoice  # its package takes a tenth of a second to import

        token = self.milvus_token.get_secret_value() if self.milvus_token is not None else None
        return BackendChoice(self.backend, self.milvus_uri, token)

    @property
    def archive_database(self) -> str | None:
        """Give the database that holds the documents, as ``Archive.open`` takes it."""
        return self.archive_url.get_secret_value() if self.archive_url is not None else None

    @property
    def state_address(self) -> str:
        """Give the address of the state database: ``state_url``, or a file of SQLite's beside the archive's folder."""
        if self.state_url is not None:
            return self.state_url.get_secret_value()
        folder = self.archive.expanduser().resolve()
        return f"sqlite:///{folder.parent / (folder.name + '.state.sqlite3')}"

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


def share_with_children(name: str, value: str) -> None:
    """Set a variable that the processes started from here on are to find; libraries in them read nothing else."""
    os.environ[name] = value


def _read_env_file() -> dict[str, str]:
    path = (_ROOT if is_checkout() else Path.cwd()) / ".env"
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # 20 ms that nobody without such a file should pay

    try:
        return {name: value for name, value in dotenv_values(path, interpolate=False).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {path} cannot be read ({error}): mend it or remove it") from error


def _locale_language(variables: Mapping[str, str]) -> str:
    locale = next((variables[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if variables.get(name)), "")
    language = locale.partition(".")[0].partition("@")[0].replace("_", "-")
    return language if language not in ("", "C", "POSIX") else "en"


def _color(variables: Mapping[str, str]) -> bool | None:
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR"):
        return True
    return False if variables.get("TERM") == "dumb" else None


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "archive": read_path,
    "archive_url": read_secret,
    "cache": read_path,
    "sources": read_path,
    "encoder": read_text,
    "backend": read_backend,
    "milvus_uri": read_text,
    "milvus_token": read_secret,
    "top": whole_reader(1, MAX_TOP),
    "host": read_text,
    "port": whole_reader(0, 65535),
    "telegram_token": read_secret,
    "telegram_base_url": read_url,
    "telegram_admins": read_numbers,
    "telegram_forget_hours": whole_reader(1, 8760),
    "telegram_questions_per_minute": whole_reader(1, 600),
    "telegram_drop_pending": read_switch,
    "telegram_webhook_url": read_url,
    "telegram_webhook_secret": read_secret,
    "telegram_webhook_host": read_text,
    "telegram_webhook_port": whole_reader(0, 65535),
    "telegram_status_port": whole_reader(0, 65535),
    "log_level": read_log_level,
    "language": read_text,
    "llm_url": read_url,
    "llm_model": read_text,
    "llm_key": read_secret,
    "llm_timeout": whole_reader(1, 600),
    "state_url": read_secret,
    "api_keys": read_switch,
    "workers": whole_reader(1, 64),
    "public_url": read_url,
    "allowed_hosts": read_words,
    "trusted_proxies": read_words,
    "cors_origins": read_origins,
    "rate_per_key": whole_reader(0, 1_000_000),
    "rate_per_address": whole_reader(0, 1_000_000),
    "upload_megabytes": whole_reader(1, 2048),
    "question_seconds": whole_reader(1, 600),
    "conversation_days": whole_reader(1, 3650),
    "log_questions": read_switch,
}
