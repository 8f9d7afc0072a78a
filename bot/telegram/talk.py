from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from telegram import Update

from bot.telegram.desk import BotContext, Desk, message_of
from bot.telegram.keyboards import LANGUAGE_NAMES, language_keyboard
from bot.telegram.records import conversation_of, reader_of
from bot.telegram.rendering import render_sources
from bot.telegram.sending import reply
from bot.telegram.text import Run
from bot.wording import LANGUAGES, messages

__all__ = ["Talk"]


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything a reader can say to the bot that is no question."""

    desk: Desk

    async def start(self, update: Update, _context: BotContext) -> None:
        """Greet, and begin a new conversation."""
        message = message_of(update)
        await self.desk.records.begin_anew(conversation_of(message))
        await self.desk.say(message, "telegram_start")

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

    async def sources(self, update: Update, _context: BotContext) -> None:
        """List the documents of the archive."""
        message = message_of(update)
        documents = await self.desk.ask(self.desk.archive.documents)
        await reply(message, render_sources(documents, await self.desk.words(message.from_user)))

    async def forget(self, update: Update, _context: BotContext) -> None:
        """Forget the conversation and the answers given in it."""
        message = message_of(update)
        await self.desk.records.forget(conversation_of(message), message.chat_id, reader_of(message))
        await self.desk.say(message, "telegram_forgotten")

    async def language(self, update: Update, _context: BotContext) -> None:
        """Change the language to the one named after ``/lang``, or offer those that there are."""
        message = message_of(update)
        named = (message.text or "").split()[1:2]
        tag = next((tag for tag in LANGUAGES if named and tag.lower() == named[0].lower().replace("_", "-")), "")
        if tag:
            await self.desk.records.set_language(reader_of(message), tag)
            words = messages(tag)
            await reply(message, [Run(words.text("telegram_language_set", language=LANGUAGE_NAMES[tag]))])
        else:
            words = await self.desk.words(message.from_user)
            await reply(message, [Run(words.text("telegram_language_choose"))], language_keyboard(words))

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
