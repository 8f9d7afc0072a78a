import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from telegram import Message, Update
from telegram.ext import CallbackContext, ExtBot

from bot.telegram.questions import question_of_command
from bot.telegram.rendering import render_answer, render_sources
from bot.telegram.sending import reply, show_typing
from bot.telegram.text import Run
from bot.wording import Messages, messages
from retrieval.errors import ArchiveEmptyError, ArchiveMissingError, QuestionError
from retrieval.search.analysis import MAX_QUESTION_CHARACTERS
from retrieval.types import Answer, AnswerStatus, DocumentInfo, Turn

__all__ = ["BotContext", "Handlers", "Library", "messages_for"]

BotContext = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]

_REMEMBERED_TURNS = 3  # enough for "and in the other county?"; kept in memory, gone with the process
_TURNS = "turns"


class Library(Protocol):
    """What the handlers need of :class:`retrieval.Archive`."""

    def ask(self, question: str, history: Sequence[Turn] = (), top: int = 3) -> Answer:
        """Answer the question from the archive."""

    def documents(self) -> list[DocumentInfo]:
        """List the documents, sorted by source."""


def messages_for(message: Message) -> Messages:
    """Give the wording in the language of the sender's client."""
    return messages((message.from_user and message.from_user.language_code) or "en")


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the bot does with each kind of message; ``top`` is the number of quotes that an answer shows."""

    archive: Library
    top: int = 3

    async def start(self, update: Update, context: BotContext) -> None:
        """Greet, and begin a new conversation."""
        _turns(context).clear()
        await _say(_message(update), "telegram_start")

    async def help(self, update: Update, _context: BotContext) -> None:
        """Say what the bot can do."""
        await _say(_message(update), "telegram_help")

    async def sources(self, update: Update, _context: BotContext) -> None:
        """List the documents of the archive."""
        message = _message(update)
        documents = await asyncio.to_thread(self.archive.documents)
        await reply(message, render_sources(documents, messages_for(message)))

    async def ask(self, update: Update, context: BotContext) -> None:
        """Answer the question that follows ``/ask``, or the message that ``/ask`` replies to."""
        message = _message(update)
        question = question_of_command(message)
        if question:
            await self._answer(message, question, context)
        else:
            await _say(message, "telegram_ask_usage")

    async def question(self, update: Update, context: BotContext) -> None:
        """Answer a text of a private chat."""
        message = _message(update)
        await self._answer(message, message.text or "", context)

    async def other_command(self, update: Update, _context: BotContext) -> None:
        """Say that there is no such command."""
        await _say(_message(update), "telegram_unknown_command")

    async def other_content(self, update: Update, _context: BotContext) -> None:
        """Say that only text can be read."""
        await _say(_message(update), "telegram_text_only")

    async def _answer(self, message: Message, question: str, context: BotContext) -> None:
        # A group's questions come from many people and do not follow from each other.
        turns = _turns(context) if message.chat.type == message.chat.PRIVATE else deque[Turn]()
        typing = asyncio.create_task(show_typing(message))
        try:
            try:
                answer = await asyncio.to_thread(self.archive.ask, question, tuple(turns), self.top)
            finally:
                await typing  # a sign that comes after the answer would promise another
        except QuestionError:
            too_long = len(question) > MAX_QUESTION_CHARACTERS
            await _say(
                message,
                "telegram_question_too_long" if too_long else "telegram_question_empty",
                limit=MAX_QUESTION_CHARACTERS,
            )
        except ArchiveEmptyError:
            await _say(message, "telegram_archive_empty")
        except ArchiveMissingError:
            await _say(message, "telegram_archive_missing")
        else:
            if answer.status is AnswerStatus.ANSWERED:
                turns.append(Turn(question, answer.quotes[0].text))
            await reply(message, render_answer(answer, messages_for(message)))


def _message(update: Update) -> Message:
    if update.message is None:
        raise TypeError("a handler was given an update without a message; check its filters")
    return update.message


def _turns(context: BotContext) -> deque[Turn]:
    data = context.chat_data
    new: deque[Turn] = deque(maxlen=_REMEMBERED_TURNS)
    turns: deque[Turn] = new if data is None else data.setdefault(_TURNS, new)
    return turns


async def _say(message: Message, key: str, /, **values: str | int) -> None:
    await reply(message, [Run(messages_for(message).text(key, **values))])
