from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from telegram import Bot, Update, User

from bot.telegram.commands import is_told_apart, suit_commands
from bot.telegram.desk import BotContext, Desk, message_of
from bot.telegram.keyboards import language_keyboard, language_named
from bot.telegram.records import conversation_of, reader_of
from bot.telegram.sending import reply
from bot.telegram.text import Run
from bot.wording import LANGUAGE_NAMES, messages

__all__ = ["Talk"]

_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything a reader can say to the bot that is no question."""

    desk: Desk

    async def start(self, update: Update, context: BotContext) -> None:
        """Greet, and begin a new conversation."""
        message = message_of(update)
        await self.desk.records.begin_anew(conversation_of(message))
        await self.desk.say(message, "telegram_start")
        user = message.from_user
        if user is not None and (user.id in self.desk.admins or not is_told_apart(user)):
            chosen = await self.desk.records.language(user.id)
            await suit_commands(context.bot, user, chosen, is_admin=user.id in self.desk.admins)

    async def help(self, update: Update, _context: BotContext) -> None:
        """Say what the bot can do."""
        message = message_of(update)
        words = await self.desk.words(message.from_user)
        text = words.text("telegram_help")
        if reader_of(message) in self.desk.admins:
            text += "\n\n" + words.text("telegram_help_admin")
        await reply(message, [Run(text)])

    async def about(self, update: Update, _context: BotContext) -> None:
        """Say what the bot is, what its archive holds and what it remembers."""
        message = message_of(update)
        info = await self.desk.ask(self.desk.archive.info)
        await self.desk.say(
            message,
            "telegram_about",
            version=_version(),
            documents=info.documents,
            passages=info.passages,
            hours=self.desk.forget_hours,
        )

    async def forget(self, update: Update, _context: BotContext) -> None:
        """Forget the conversation and the answers given in it."""
        message = message_of(update)
        await self.desk.records.forget(conversation_of(message), message.chat_id, reader_of(message))
        await self.desk.say(message, "telegram_forgotten")

    async def language(self, update: Update, context: BotContext) -> None:
        """Change the language to the one named after ``/lang``, or offer those that there are."""
        message = message_of(update)
        named = " ".join((message.text or "").split()[1:])
        tag = language_named(named)
        # Who writes in a group's name shares a user with all others who do.
        if tag and message.from_user is not None and message.sender_chat is None:
            await reply(message, [Run(await self.spoken(message.from_user, tag, context.bot))])
            return
        words = await self.desk.words(message.from_user)
        unknown = (
            words.text("telegram_language_unknown", name=named[:_LONGEST_NAME]) + "\n" if named and not tag else ""
        )
        await reply(message, [Run(unknown + words.text("telegram_language_choose"))], language_keyboard(words))

    async def spoken(self, user: User, tag: str, bot: Bot) -> str:
        """Speak a language with a user from now on, that of their client if ``tag`` is empty; give what says so."""
        await self.desk.records.set_language(user.id, tag)
        await suit_commands(bot, user, tag, is_admin=user.id in self.desk.admins)
        words = messages(tag or user.language_code or "en")
        return words.text("telegram_language_set", language=LANGUAGE_NAMES[words.language])

    async def other_command(self, update: Update, _context: BotContext) -> None:
        """Say that there is no such command."""
        await self.desk.say(message_of(update), "telegram_unknown_command")

    async def other_content(self, update: Update, _context: BotContext) -> None:
        """Say that only text can be read."""
        await self.desk.say(message_of(update), "telegram_text_only")


def _version() -> str:
    try:
        return version("wenju")
    except PackageNotFoundError:
        return "?"
