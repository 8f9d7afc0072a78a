import logging
from collections.abc import Mapping

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    User,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.wording import LANGUAGES, messages

__all__ = [
    "ADMIN_COMMANDS",
    "GROUP_COMMANDS",
    "PRIVATE_COMMANDS",
    "is_told_apart",
    "register_commands",
    "suit_commands",
]

PRIVATE_COMMANDS = ("ask", "search", "sources", "lang", "forget", "about", "help", "start")
GROUP_COMMANDS = ("ask", "search", "sources", "forget", "help")
ADMIN_COMMANDS = (*PRIVATE_COMMANDS, "remove")

# Telegram knows the language of a command by two letters only, which leaves one of the two Chinese out.
_TOLD_APART = tuple(tag for tag in LANGUAGES if len(tag) == 2)
_LOGGER = logging.getLogger(__name__)


async def register_commands(bot: Bot, admins: Mapping[int, str]) -> None:
    """Tell Telegram the commands: for private chats, for groups and for admins, in each language of the wording.

    :param admins: the languages that the admins have chosen, empty for none, by their numbers.
    :raises telegram.error.TelegramError: if Telegram refuses them or cannot be reached.
    """
    await _register(bot, BotCommandScopeAllPrivateChats(), PRIVATE_COMMANDS)
    await _register(bot, BotCommandScopeAllGroupChats(), GROUP_COMMANDS)
    for admin, chosen in sorted(admins.items()):
        try:
            await _register(bot, BotCommandScopeChat(admin), ADMIN_COMMANDS, chosen)
        except (BadRequest, Forbidden) as error:
            _LOGGER.info("The admin %d has not begun a chat with the bot yet: %s", admin, error.message)


async def suit_commands(bot: Bot, user: User, chosen: str, *, is_admin: bool) -> None:
    """Show a user the commands in the language chosen, in the chat with the bot; no answer depends on it.

    :param chosen: a tag of the wording; empty for the language of the user's client.
    """
    tag = chosen or ("" if is_told_apart(user) else _client_language(user))
    scope = BotCommandScopeChat(user.id)
    try:
        if is_admin:
            await _register(bot, scope, ADMIN_COMMANDS, tag)
        elif tag:
            await bot.set_my_commands(_commands(PRIVATE_COMMANDS, tag), scope=scope)
        else:
            await bot.delete_my_commands(scope=scope)
    except TelegramError as error:
        _LOGGER.info("The commands of chat %d stay as they were: %s", user.id, error.message)


def is_told_apart(user: User) -> bool:
    """Tell whether Telegram itself can show a user the commands in the language of their client."""
    return _client_language(user) in _TOLD_APART


def _client_language(user: User) -> str:
    return messages(user.language_code or "en").language


async def _register(bot: Bot, scope: BotCommandScope, names: tuple[str, ...], chosen: str = "") -> None:
    """Set the commands of a scope for each language of clients, all in the language chosen if there is one."""
    for language in (None, *_TOLD_APART):
        await bot.set_my_commands(_commands(names, chosen or language or "en"), scope=scope, language_code=language)


def _commands(names: tuple[str, ...], tag: str) -> list[BotCommand]:
    words = messages(tag)
    return [BotCommand(name, words.text(f"telegram_command_{name}")) for name in names]
