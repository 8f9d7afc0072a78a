from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message, Update

from bot.state.chats import GivenAnswer, ShownQuote
from bot.telegram.desk import BotContext, Desk, message_of
from bot.telegram.keyboards import answer_keyboard
from bot.telegram.limits import Verdict
from bot.telegram.questions import question_of, question_of_command
from bot.telegram.records import conversation_of, reader_of
from bot.telegram.rendering import render_answer, render_hits
from bot.telegram.sending import reply
from bot.wording import Messages
from retrieval.errors import QuestionError
from retrieval.search.analysis import MAX_QUESTION_CHARACTERS
from retrieval.types import Answer, AnswerStatus, Arrangement, Turn

__all__ = ["Asking"]

_HITS = 5


@dataclass(frozen=True, slots=True)
class Asking:
    """Answers questions and searches."""

    desk: Desk

    async def command(self, update: Update, _context: BotContext) -> None:
        """Answer the question that follows ``/ask``, or the message that ``/ask`` replies to."""
        message = message_of(update)
        question = question_of_command(message)
        if question:
            await self._answer(message, question)
        else:
            await self.desk.say(message, "telegram_ask_usage")

    async def question(self, update: Update, context: BotContext) -> None:
        """Answer a text that speaks to the bot."""
        message = message_of(update)
        await self._answer(message, question_of(message, context.bot.bot))

    async def edited(self, update: Update, context: BotContext) -> None:
        """Answer a question anew whose words were changed after it was answered; other edits mean nothing."""
        await self._edited(message_of(update), question_of(message_of(update), context.bot.bot))

    async def edited_command(self, update: Update, _context: BotContext) -> None:
        """Answer anew the question after an ``/ask`` that was changed."""
        await self._edited(message_of(update), question_of_command(message_of(update)))

    async def own_words(self, update: Update, _context: BotContext) -> None:
        """Say that the bot does not answer itself, when a reader forwards its words; be silent in inline mode."""
        message = message_of(update)
        if message.forward_origin is not None:
            await self.desk.say(message, "telegram_own_words")

    async def search(self, update: Update, _context: BotContext) -> None:
        """List the passages that fit the words after ``/search``."""
        message = message_of(update)
        query = question_of_command(message)
        if not query:
            await self.desk.say(message, "telegram_search_usage")
        elif await self._may_ask(message):
            words = await self.desk.words(message.from_user)
            try:
                async with self.desk.typing.shown(message):
                    hits = await self.desk.ask(self.desk.archive.search, query, _HITS)
            except QuestionError:
                await self._refuse(message, query)
            else:
                self.desk.metrics.answer("search")
                await reply(message, render_hits(hits, words))

    async def _edited(self, message: Message, question: str) -> None:
        given = await self.desk.records.answer_to(message.chat_id, message.message_id)
        if given is not None and question.strip() != given.asked.strip():
            await self._answer(message, question)

    async def _answer(self, message: Message, question: str) -> None:
        if not await self._may_ask(message):
            return
        conversation = conversation_of(message)
        with self.desk.metrics.timing():
            try:
                async with self.desk.typing.shown(message):
                    history = await self.desk.records.history(conversation)
                    answer = await self.desk.ask(self.desk.archive.ask, question, history, self.desk.top)
                    if self.desk.summarise is not None:
                        answer = await self.desk.ask(self.desk.summarise, answer)
            except QuestionError:
                await self._refuse(message, question)
                return
            words = await self.desk.words(message.from_user)
            keyboard = await self._kept(message, question, answer, words)
            await reply(message, render_answer(answer, words), keyboard)
        self.desk.metrics.answer(answer.reply.value if answer.reply is not None else answer.status.value)
        if answer.status is AnswerStatus.ANSWERED:
            await self.desk.records.remember(conversation, Turn(question, answer.quotes[0].text))

    async def _kept(
        self, message: Message, question: str, answer: Answer, words: Messages
    ) -> InlineKeyboardMarkup | None:
        """Keep an answer for its buttons and for edits of its question; give the buttons, None below a short reply."""
        quotes = answer.quotes or answer.near_misses
        given = GivenAnswer(
            chat=message.chat_id,
            reader=reader_of(message),
            message=message.message_id,
            asked=question,
            question=answer.understood_as or question,
            quotes=tuple(map(ShownQuote.of, quotes)),
        )
        answer_id = await self.desk.records.keep(given)
        if answer.reply is not None:
            return None
        more = len(answer.quotes) >= self.desk.top and answer.arrangement is Arrangement.RANKED
        return answer_keyboard(answer_id, len(quotes), words, more=more)

    async def _may_ask(self, message: Message) -> bool:
        reader = reader_of(message)
        verdict = self.desk.limits.judge(reader)
        if verdict is Verdict.TELL:
            await self.desk.say(message, "telegram_slow_down", seconds=self.desk.limits.seconds_left(reader))
        return verdict is Verdict.ALLOWED

    async def _refuse(self, message: Message, question: str) -> None:
        if len(question) > MAX_QUESTION_CHARACTERS:
            await self.desk.say(message, "telegram_question_too_long", limit=MAX_QUESTION_CHARACTERS)
        else:
            await self.desk.say(message, "telegram_question_empty")
