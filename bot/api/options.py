from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address

from bot.settings import Settings
from bot.summary import summariser
from retrieval.errors import WenjuError
from retrieval.types import Answer

__all__ = ["ApiOptions", "OpenServerError", "is_loopback"]

_PER_ADDRESS = 300


class OpenServerError(WenjuError):
    """Other machines could ask without a key, and nobody has said that they may."""


@dataclass(frozen=True, slots=True)
class ApiOptions:
    """How the application treats its clients; the defaults are those of a server that only its own machine reaches.

    ``keys`` tells whether requests need a key. ``local`` tells whether only this machine reaches the server: then a
    request without a key may do all, unless keys are needed, and must name ``localhost`` or one of ``allowed_hosts``.
    Rates are requests a minute, 0 for any number; sizes are in bytes, times in seconds. ``metrics_folder`` is where
    several processes keep their counts; None for one process. ``summarise`` adds a summary to an answer.
    """

    keys: bool = False
    local: bool = True
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    rate_per_key: int = 600
    rate_per_address: int = 0
    max_body_bytes: int = 64 * 1024
    max_chat_bytes: int = 1024 * 1024
    max_upload_bytes: int = 64 * 1024 * 1024
    body_seconds: float = 30.0
    upload_seconds: float = 600.0
    question_seconds: float = 30.0
    max_waiting: int = 256
    conversation_days: int = 30
    log_questions: bool = False
    metrics_folder: str | None = None
    summarise: Callable[[Answer], Answer] | None = None

    @classmethod
    def of(cls, settings: Settings, metrics_folder: str | None = None) -> "ApiOptions":
        """Take from the settings how to treat clients.

        :raises OpenServerError: if other machines reach the address, and the settings do not say whether keys are
            needed.
        """
        local = is_loopback(settings.host)
        if settings.api_keys is None and not local:
            raise OpenServerError(
                f"other machines can reach {settings.host}: set WENJU_API_KEYS=on and make a key with "
                "'wenju keys create', or WENJU_API_KEYS=off to let everyone ask who reaches it"
            )
        given = settings.rate_per_address
        return cls(
            keys=bool(settings.api_keys),
            local=local,
            public_url=(settings.public_url or "").rstrip("/"),
            allowed_hosts=tuple(host.lower() for host in settings.allowed_hosts),
            cors_origins=settings.cors_origins,
            rate_per_key=settings.rate_per_key,
            rate_per_address=given if given is not None else 0 if local else _PER_ADDRESS,
            max_upload_bytes=settings.upload_megabytes * 1024 * 1024,
            question_seconds=settings.question_seconds,
            conversation_days=settings.conversation_days,
            log_questions=settings.log_questions,
            metrics_folder=metrics_folder,
            summarise=summariser(settings),
        )


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address stands for this machine only."""
    name = host.lower().strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False
