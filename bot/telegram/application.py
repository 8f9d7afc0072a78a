import asyncio
import logging
from collections.abc import Awaitable
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, Update
from telegram.ext import (
    AIORateLimiter,
    Application,
    BaseUpdateProcessor,
    CommandHandler,
    ExtBot,
    MessageHandler,
    filters,
)

from bot.telegram.failures import handle_error
from bot.telegram.handlers import BotContext, Handlers, Library
from bot.wording import LANGUAGES, messages

__all__ = ["DEFAULT_BASE_URL", "BotApplication", "build_application", "register_commands"]

BotApplication: TypeAlias = Application[ExtBot[int], BotContext, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]

DEFAULT_BASE_URL = "https://api.telegram.org/bot"

_PRIVATE_COMMANDS = ("ask", "sources", "help", "start")
_GROUP_COMMANDS = ("ask",)
_CONCURRENT_UPDATES = 64
_FLOOD_RETRIES = 3
_SECONDS_TO_ANSWER = 20.0  # Telegram's own time, not ours: five seconds, the default, lose messages on slow lines


class _InOrderPerChat(BaseUpdateProcessor):
    """Handles chats side by side, and the messages of one chat one after another."""

    def __init__(self, max_concurrent_updates: int) -> None:
        super().__init__(max_concurrent_updates)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat if isinstance(update, Update) else None
        lock = self._locks.setdefault(chat.id if chat else 0, asyncio.Lock())
        async with lock:
            await coroutine

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to give back."""


def build_application(
    archive: Library, token: str, base_url: str = DEFAULT_BASE_URL, *, top: int = 3
) -> BotApplication:
    """Make the bot that answers from ``archive``, ready to be run by :func:`bot.telegram.running.serve`.

    ``token`` comes from @BotFather; ``base_url`` is the Bot API server's address, to which the token is appended.
    Nothing is sent yet. Loggers that would write the token down are made quieter for the whole process.
    """
    _keep_addresses_out_of_logs()
    application: BotApplication = (
        Application.builder()
        .token(token)
        .base_url(base_url)
        .rate_limiter(AIORateLimiter(max_retries=_FLOOD_RETRIES))
        .concurrent_updates(_InOrderPerChat(_CONCURRENT_UPDATES))
        .read_timeout(_SECONDS_TO_ANSWER)
        .write_timeout(_SECONDS_TO_ANSWER)
        .job_queue(None)
        .build()
    )
    _add_handlers(application, Handlers(archive, top))
    application.add_error_handler(handle_error)
    return application


def _keep_addresses_out_of_logs() -> None:
    """Raise the level of the loggers that write addresses, which hold the token."""
    for name, level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("telegram", logging.INFO)):
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.level))


async def register_commands(bot: ExtBot[int]) -> None:
    """Tell Telegram the commands, for private chats and for groups, in each language of the wording.

    :raises telegram.error.TelegramError: if Telegram refuses them or cannot be reached.
    """
    # Telegram knows languages by two letters only.
    for language in (None, *(tag for tag in LANGUAGES if len(tag) == 2)):
        words = messages(language or "en")
        for scope, names in (
            (BotCommandScopeAllPrivateChats(), _PRIVATE_COMMANDS),
            (BotCommandScopeAllGroupChats(), _GROUP_COMMANDS),
        ):
            commands = [BotCommand(name, words.text(f"telegram_command_{name}")) for name in names]
            await bot.set_my_commands(commands, scope=scope, language_code=language)


def _add_handlers(application: BotApplication, handlers: Handlers) -> None:
    # Edits and channel posts are messages too, for a handler without this filter.
    new = filters.UpdateType.MESSAGE
    private = new & filters.ChatType.PRIVATE
    application.add_handlers(
        [
            CommandHandler("ask", handlers.ask, new & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)),
            CommandHandler("start", handlers.start, private),
            CommandHandler("help", handlers.help, private),
            CommandHandler("sources", handlers.sources, private),
            MessageHandler(private & filters.COMMAND, handlers.other_command),
            MessageHandler(private & filters.TEXT, handlers.question),
            MessageHandler(private & filters.ATTACHMENT, handlers.other_content),
        ]
    )
