import asyncio
import logging
import re
import signal
from contextlib import suppress

from telegram import Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Updater

from bot.settings import SecretStr, Settings
from bot.telegram.application import BotApplication, build_application, register_commands
from bot.telegram.errors import TelegramConnectionError, TelegramTokenError
from bot.telegram.failures import handle_polling_error
from retrieval import Archive

__all__ = ["run", "serve"]

_LOGGER = logging.getLogger(__name__)
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CURE = "set WENJU_TELEGRAM_TOKEN to the token that @BotFather gave for the bot"
_BOOTSTRAP_RETRIES = 5
_SECONDS_BETWEEN_CHECKS = 60.0


def run(settings: Settings) -> None:
    """Answer questions on Telegram until the process is told to stop by SIGINT or SIGTERM.

    :raises TelegramTokenError: if the token is missing, malformed, or refused by Telegram.
    :raises TelegramConnectionError: if Telegram cannot be reached at the start.
    :raises ArchiveError: if the archive cannot be opened.
    """
    token = _checked(settings.telegram_token)
    with Archive.open(settings.archive, encoder=settings.encoder, cache=settings.cache) as archive:
        application = build_application(archive, token, settings.telegram_base_url, top=settings.top)
        asyncio.run(_serve_until_signal(application, settings.telegram_base_url))


async def serve(application: BotApplication, stop: asyncio.Event) -> None:
    """Fetch and answer updates until ``stop`` is set; the questions under way are answered first.

    :raises telegram.error.InvalidToken: if Telegram refuses the token, at the start or later.
    :raises telegram.error.TelegramError: if Telegram cannot be reached at the start.
    """
    updater = application.updater
    if updater is None:
        raise TypeError("an application without an updater cannot fetch updates; make it with build_application")
    try:
        async with application:
            await _register_commands(application)
            await application.start()
            try:
                await _poll(updater, application, stop)
            finally:
                await application.stop()
    finally:
        await application.bot.shutdown()  # the library leaves connections open when its very first request fails


async def _poll(updater: Updater, application: BotApplication, stop: asyncio.Event) -> None:
    await updater.start_polling(
        allowed_updates=[Update.MESSAGE], bootstrap_retries=_BOOTSTRAP_RETRIES, error_callback=handle_polling_error
    )
    _LOGGER.info("The bot @%s answers on Telegram.", application.bot.username)
    try:
        await _until(stop, application)
    finally:
        await updater.stop()


def _checked(secret: SecretStr | None) -> str:
    token = secret.get_secret_value().strip() if secret is not None else ""
    if not token:
        raise TelegramTokenError(f"the Telegram bot has no token: {_CURE}")
    if not _TOKEN.fullmatch(token):
        raise TelegramTokenError(f"the Telegram token is not of the form 123456:ABC…: {_CURE}")
    return token


async def _serve_until_signal(application: BotApplication, base_url: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows; there, Ctrl-C ends asyncio.run by itself
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # "from None": the library's own errors spell the token out.
    try:
        await serve(application, stop)
    except InvalidToken:
        raise TelegramTokenError(f"Telegram does not know the bot's token: {_CURE}") from None
    except NetworkError as error:
        reason = error.message.replace(application.bot.token, "[token]")
        raise TelegramConnectionError(
            f"Telegram cannot be reached at {base_url} ({reason}): check the network, or set WENJU_TELEGRAM_BASE_URL"
        ) from None


async def _register_commands(application: BotApplication) -> None:
    try:
        await register_commands(application.bot)
    except InvalidToken:
        raise
    except TelegramError as error:
        _LOGGER.warning("The list of commands could not be set, so clients will not offer them: %s", error.message)


async def _until(stop: asyncio.Event, application: BotApplication) -> None:
    """Wait for ``stop``. Now and then try the token: the library stops fetching, without a word, once it is revoked."""
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), _SECONDS_BETWEEN_CHECKS)
        except TimeoutError:
            try:
                await application.bot.get_me()
            except InvalidToken:
                raise
            except TelegramError as error:
                _LOGGER.warning("Telegram does not answer at present: %s", error.message)
