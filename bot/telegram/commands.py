import logging
from collections.abc import Iterable

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden
from telegram.ext import ExtBot

from bot.wording import LANGUAGES, messages

__all__ = ["ADMIN_COMMANDS", "GROUP_COMMANDS", "PRIVATE_COMMANDS", "register_commands"]

PRIVATE_COMMANDS = ("ask", "search", "sources", "lang", "forget", "about", "help", "start")
GROUP_COMMANDS = ("ask", "search", "sources", "forget", "help")
ADMIN_COMMANDS = (*PRIVATE_COMMANDS, "remove")

_LOGGER = logging.getLogger(__name__)


async def register_commands(bot: ExtBot[int], admins: Iterable[int] = ()) -> None:
    """Tell Telegram the commands: for private chats, for groups and for admins, in each language of the wording.

    :raises telegram.error.TelegramError: if Telegram refuses them or cannot be reached.
    """
    await _register(bot, BotCommandScopeAllPrivateChats(), PRIVATE_COMMANDS)
    await _register(bot, BotCommandScopeAllGroupChats(), GROUP_COMMANDS)
    for admin in sorted(admins):
        try:
            await _register(bot, BotCommandScopeChat(admin), ADMIN_COMMANDS)
        except (BadRequest, Forbidden) as error:
            _LOGGER.info("The admin %d has not begun a chat with the bot yet: %s", admin, error.message)


async def _register(bot: ExtBot[int], scope: BotCommandScope, names: tuple[str, ...]) -> None:
    # Telegram knows languages by two letters only, so Chinese is one.
    for language in (None, *(tag for tag in LANGUAGES if len(tag) == 2)):
        words = messages(language or "en")
        commands = [BotCommand(name, words.text(f"telegram_command_{name}")) for name in names]
        await bot.set_my_commands(commands, scope=scope, language_code=language)
