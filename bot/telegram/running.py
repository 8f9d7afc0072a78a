import asyncio
import contextlib
import logging
import re
import secrets
import signal
import warnings
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError
from telegram.warnings import PTBDeprecationWarning

from bot.settings import SecretStr, Settings
from bot.state import State
from bot.summary import summariser
from bot.telegram.application import ALLOWED_UPDATES, BotApplication, build_application
from bot.telegram.commands import register_commands
from bot.telegram.desk import Desk
from bot.telegram.errors import TelegramConnectionError, TelegramTokenError, WebhookError
from bot.telegram.hosting import hosted, listen
from bot.telegram.intake import Intake
from bot.telegram.limits import Limits
from bot.telegram.metrics import Metrics
from bot.telegram.polling import poll
from bot.telegram.records import Records
from bot.telegram.status import Status
from bot.telegram.webhook import Webhook
from retrieval import Archive

__all__ = ["run", "serve"]

_LOGGER = logging.getLogger(__name__)
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_CURE = "set WENJU_TELEGRAM_TOKEN to the token that @BotFather gave for the bot"
_HOLD = "telegram"
_SECONDS_BETWEEN_CHECKS = 60.0
_SECONDS_BETWEEN_CLEANINGS = 3600.0
_GRACE_SECONDS = 30.0


def run(settings: Settings) -> None:
    """Answer questions on Telegram until the process is told to stop by SIGINT or SIGTERM.

    :raises TelegramTokenError: if the token is missing, malformed, or refused by Telegram.
    :raises TelegramConnectionError: if Telegram cannot be reached at the start.
    :raises WebhookError: if Telegram does not take the webhook's address or secret.
    :raises ListenError: if the address of the webhook or of the status cannot be listened on.
    :raises ArchiveError: if the archive cannot be opened.
    :raises StateError: if the state database cannot be opened.
    :raises StateInUseError: if another bot uses the same state database.
    """
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    token = _checked(settings.telegram_token)
    # The library deprecates a property that its own errors read.
    warnings.filterwarnings("ignore", ".*retry_after", PTBDeprecationWarning)
    with (
        Archive.open(
            settings.archive,
            encoder=settings.encoder,
            cache=settings.cache,
            backend=settings.backend_choice,
            database=settings.archive_database,
        ) as archive,
        State.open(settings.state_address) as state,
        state.database.held(_HOLD),
        contextlib.closing(Records(state, settings.telegram_forget_hours)) as records,
    ):
        desk = Desk(
            archive,
            records,
            Limits(settings.telegram_questions_per_minute),
            Metrics(),
            top=settings.top,
            admins=frozenset(settings.telegram_admins),
            forget_hours=settings.telegram_forget_hours,
            summarise=summariser(settings),
        )
        application = build_application(desk, token, settings.telegram_base_url)
        asyncio.run(_serve_until_signal(application, desk, settings))


async def serve(application: BotApplication, desk: Desk, settings: Settings, stop: asyncio.Event) -> None:
    """Take and answer updates until ``stop`` is set; the questions under way are answered first.

    :raises telegram.error.InvalidToken: if Telegram refuses the token, at the start or later.
    :raises telegram.error.TelegramError: if Telegram cannot be reached at the start.
    :raises WebhookError: if Telegram does not take the webhook's address or secret.
    :raises ListenError: if the address of the webhook or of the status cannot be listened on.
    """
    async with AsyncExitStack() as stack:
        if settings.telegram_status_port is not None:
            listener = listen("127.0.0.1", settings.telegram_status_port, "WENJU_TELEGRAM_STATUS_PORT")
            await stack.enter_async_context(hosted(Status(desk.metrics), listener))
            _LOGGER.info("Health and metrics are at http://127.0.0.1:%d.", listener.getsockname()[1])
        stack.push_async_callback(application.bot.shutdown)  # the library leaves them open when its first request fails
        await stack.enter_async_context(application)
        intake = Intake(application, desk.records, desk.metrics)
        stack.push_async_callback(intake.stop, _GRACE_SECONDS)
        # Before anything new is taken in: it comes later in its chat, and is not to be taken for unfinished.
        if resumed := await intake.resume():
            _LOGGER.info("%d updates that were not answered before are answered now.", resumed)
        async with _receiving(application, desk, intake, settings) as receiving:
            _LOGGER.info("The bot @%s answers on Telegram.", application.bot.username)
            upkeep = asyncio.create_task(_upkeep(application, desk))
            stopped = asyncio.create_task(stop.wait())
            try:
                done, _ = await asyncio.wait({receiving, upkeep, stopped}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in (receiving, upkeep, stopped):
                    task.cancel()
                await asyncio.gather(receiving, upkeep, stopped, return_exceptions=True)


@asynccontextmanager
async def _receiving(
    application: BotApplication, desk: Desk, intake: Intake, settings: Settings
) -> AsyncIterator["asyncio.Task[None]"]:
    """Have updates come in during the block; gives the task that fetches them, or one that only waits."""
    bot, drop = application.bot, settings.telegram_drop_pending
    url = settings.telegram_webhook_url
    if not url:
        await bot.delete_webhook(drop_pending_updates=drop)
        yield asyncio.create_task(poll(bot, intake, desk.metrics, ALLOWED_UPDATES))
        return
    given = settings.telegram_webhook_secret
    secret = given.get_secret_value() if given is not None else secrets.token_urlsafe(32)
    listener = listen(settings.telegram_webhook_host, settings.telegram_webhook_port, "WENJU_TELEGRAM_WEBHOOK_PORT")
    async with hosted(Webhook(intake, desk.metrics, url, secret), listener):
        try:
            await bot.set_webhook(
                url, allowed_updates=list(ALLOWED_UPDATES), secret_token=secret, drop_pending_updates=drop
            )
        except BadRequest as error:
            raise WebhookError(
                f"Telegram does not take the webhook {url} ({error.message}): set WENJU_TELEGRAM_WEBHOOK_URL to an "
                "https address that it can reach, and WENJU_TELEGRAM_WEBHOOK_SECRET to letters, digits, _ and -"
            ) from None
        yield asyncio.create_task(asyncio.Event().wait())  # type: ignore[arg-type]


def _checked(secret: SecretStr | None) -> str:
    token = secret.get_secret_value().strip() if secret is not None else ""
    if not token:
        raise TelegramTokenError(f"the Telegram bot has no token: {_CURE}")
    if not _TOKEN.fullmatch(token):
        raise TelegramTokenError(f"the Telegram token is not of the form 123456:ABC…: {_CURE}")
    return token


async def _serve_until_signal(application: BotApplication, desk: Desk, settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows; there, Ctrl-C ends asyncio.run by itself
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    # "from None": the library's own errors spell the token out.
    try:
        await serve(application, desk, settings, stop)
    except InvalidToken:
        raise TelegramTokenError(f"Telegram does not know the bot's token: {_CURE}") from None
    except NetworkError as error:
        reason = error.message.replace(application.bot.token, "[token]")
        raise TelegramConnectionError(
            f"Telegram cannot be reached at {settings.telegram_base_url} ({reason}): check the network, or set "
            "WENJU_TELEGRAM_BASE_URL"
        ) from None


async def _register_commands(application: BotApplication, desk: Desk) -> None:
    try:
        admins = {admin: await desk.records.language(admin) for admin in desk.admins}
        await register_commands(application.bot, admins)
    except InvalidToken:
        raise
    except TelegramError as error:
        _LOGGER.warning("The list of commands could not be set, so clients will not offer them: %s", error.message)


async def _upkeep(application: BotApplication, desk: Desk) -> None:
    """Tell Telegram the commands; then now and then try the token, which may be revoked, and forget what is old."""
    await _register_commands(application, desk)
    since_cleaning = _SECONDS_BETWEEN_CLEANINGS
    while True:
        if since_cleaning >= _SECONDS_BETWEEN_CLEANINGS:
            await desk.records.expire()
            since_cleaning = 0.0
        await asyncio.sleep(_SECONDS_BETWEEN_CHECKS)
        since_cleaning += _SECONDS_BETWEEN_CHECKS
        try:
            await application.bot.get_me()
            desk.metrics.heard()
        except InvalidToken:
            raise
        except TelegramError as error:
            _LOGGER.warning("Telegram does not answer at present: %s", error.message)
