"""The server: the application on an address, until it is told to stop."""

import errno
import logging
import os
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors.multiprocess import SIGNALS, Multiprocess

from bot.api.app import create_app
from bot.api.frame import ACCESS_LOG
from bot.api.options import ApiOptions
from bot.api.protocol import PatientProtocol, raise_file_limit
from bot.settings import Settings, share_with_children
from bot.state import State
from retrieval.errors import WenjuError

__all__ = ["AddressError", "listen", "make_app", "serve"]

_GRACE_SECONDS = 10
_BACKLOG = 2048
_MAX_HEAD_BYTES = 32 * 1024
_START_SECONDS = 120
"""A worker that does not answer its supervisor for so long is replaced. uvicorn's five seconds are less than a worker
takes to import its modules on a machine that is busy: it would be killed and begun anew without end."""
_logger = logging.getLogger(__name__)


class AddressError(WenjuError):
    """The server cannot listen on the address that it was given."""


def serve(settings: Settings) -> None:
    """Serve the API on ``settings.host`` and ``settings.port`` until SIGINT or SIGTERM, then finish what was begun.

    :raises AddressError: when the address is taken, not permitted or unknown; found before anything is opened.
    :raises OpenServerError: when other machines could ask without a key, and nobody has said that they may.
    :raises StateError: when keys are on and their database cannot be used.
    """
    options = ApiOptions.of(settings)
    sockets = listen(settings.host, settings.port)
    try:
        _check_keys(settings, options)
        raise_file_limit()
        if settings.workers > 1:
            _serve_with_workers(settings, sockets)
        else:
            _serve_alone(settings, sockets)
    finally:
        for each in sockets:
            each.close()


def _serve_alone(settings: Settings, sockets: list[socket.socket]) -> None:
    try:
        with _termination_is_an_end():
            uvicorn.Server(_config(settings)).run(sockets=sockets)
    except KeyboardInterrupt:
        return  # uvicorn has shut down and raises the signal again; stopping is no failure


def _serve_with_workers(settings: Settings, sockets: list[socket.socket]) -> None:
    with tempfile.TemporaryDirectory(prefix="wenju-metrics-") as folder, _signals_kept():
        share_with_children("PROMETHEUS_MULTIPROC_DIR", folder)
        # Each worker gets the listening sockets and opens the archive for itself; its database lets them share it.
        Multiprocess(_config(settings, folder), sockets).run()


def _config(settings: Settings, metrics_folder: str | None = None) -> uvicorn.Config:
    proxies = list(settings.trusted_proxies)
    return uvicorn.Config(
        partial(make_app, settings, metrics_folder),
        factory=True,
        workers=settings.workers,
        http=PatientProtocol,
        lifespan="on",
        ws="none",
        access_log=False,  # uvicorn's holds the query string, and with it the question; ours does not
        log_config=_log_config(settings.log_level),
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        h11_max_incomplete_event_size=_MAX_HEAD_BYTES,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_worker_healthcheck=_START_SECONDS,
    )


def make_app(settings: Settings, metrics_folder: str | None = None) -> FastAPI:
    """Make the application that the settings describe, in the process that is to run it."""
    return create_app(
        settings.archive,
        encoder=settings.encoder,
        cache=settings.cache,
        backend=settings.backend_choice,
        database=settings.archive_database,
        state_address=settings.state_address,
        options=ApiOptions.of(settings, metrics_folder),
    )


def _check_keys(settings: Settings, options: ApiOptions) -> None:
    if not options.keys:
        return
    with State.open(settings.state_address) as state:
        if not any(key.revoked is None for key in state.keys.every()):
            _logger.warning(
                "keys are on and there is none: every request will get 401. Make one: wenju keys create NAME"
            )


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on every address that ``host`` stands for.

    :param port: the port; 0 takes one that is free, and then only on the first address.
    :raises AddressError: when no address can be used, or the port is taken on one of them.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError) as error:
        raise AddressError(f"the host {host!r} is not known ({error}): set WENJU_HOST, as to 127.0.0.1") from error
    sockets: list[socket.socket] = []
    absent: OSError | None = None
    for family, address in dict.fromkeys((entry[0], entry[4]) for entry in found):
        if sockets and port == 0:
            break
        try:
            sockets.append(_listening_socket(family, address))
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                absent = error  # as ::1 for localhost on a machine without IPv6
                continue
            for each in sockets:
                each.close()
            raise _address_error(host, port, error) from error
    if not sockets:
        raise _address_error(host, port, absent) from absent
    return sockets


def _listening_socket(family: int, address: tuple[Any, ...]) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere this option lets two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _address_error(host: str, port: int, error: OSError | None) -> AddressError:
    code = error.errno if error else None
    if code == errno.EADDRINUSE:
        return AddressError(
            f"port {port} on {host} is in use: stop the program that uses it, or choose another with WENJU_PORT"
        )
    if code in (errno.EACCES, errno.EPERM):
        return AddressError(f"port {port} is not permitted to this user: choose one from 1024 up with WENJU_PORT")
    return AddressError(f"cannot listen on {host} port {port} ({error}): set WENJU_HOST to an address of this machine")


@contextmanager
def _termination_is_an_end() -> Iterator[None]:
    """Have SIGTERM end ``serve`` and not the process: uvicorn shuts down on it, then raises it again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _ignore)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: the shutdown has been done by then."""


@contextmanager
def _signals_kept() -> Iterator[None]:
    """Give back the signals that uvicorn's supervisor takes over."""
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _log_config(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "bare": {"format": "%(message)s"},
        },
        "handlers": {
            name: {"class": "logging.StreamHandler", "formatter": formatter}
            for name, formatter in (("stderr", "line"), ("access", "bare"))
        },
        "loggers": {
            name: {"level": level.upper(), "handlers": [handler], "propagate": False}
            for name, handler in (("bot.api", "stderr"), ("uvicorn", "stderr"), (ACCESS_LOG, "access"))
        },
    }
