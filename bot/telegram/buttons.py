import logging
from dataclasses import dataclass

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest

from bot.telegram.catalogue import Catalogue
from bot.telegram.desk import BotContext, Desk
from bot.telegram.keyboards import Action, Press
from bot.telegram.limits import Verdict
from bot.telegram.showing import LAST_STEP, Showing
from bot.telegram.talk import Talk
from bot.telegram.uploads import Uploads
from bot.wording import LANGUAGES, Messages
from retrieval.errors import ArchiveEmptyError, UnknownDocumentError

__all__ = ["Buttons", "answer_press"]

_LOGGER = logging.getLogger(__name__)
_TOAST_LIMIT = 200  # characters


@dataclass(frozen=True, slots=True)
class Buttons:
    """What happens when a button is pressed. Every press is answered, whatever its data holds: clients can forge it."""

    desk: Desk
    showing: Showing
    catalogue: Catalogue
    talk: Talk
    uploads: Uploads

    async def pressed(self, update: Update, context: BotContext) -> None:
        """Do what the button says."""
        query = update.callback_query
        if query is None:
            raise TypeError("a handler was given an update without a button; check its filters")
        words = await self.desk.words(query.from_user)
        press = Press.unpack(query.data or "")
        if press is None or not isinstance(query.message, Message):
            await answer_press(query, words.text("telegram_button_old"))
        elif press.action is Action.LANGUAGE:
            known = not press.target or press.target in LANGUAGES
            toast = "" if not known else await self.talk.spoken(query.from_user, press.target, context.bot)
            await answer_press(query, toast or words.text("telegram_button_old"))
        elif press.action in (Action.REMOVE, Action.KEEP):
            await answer_press(query, await self.uploads.decided(query.message, query.from_user.id, press, words))
        elif self.desk.limits.judge(query.from_user.id) is not Verdict.ALLOWED:
            seconds = self.desk.limits.seconds_left(query.from_user.id)
            await answer_press(query, words.text("telegram_slow_down", seconds=seconds))
        elif press.action is Action.SOURCES:
            await self.catalogue.turned(query.message, press.number, words)
            await answer_press(query)
        else:
            toast = await self._below_answer(query.message, query.from_user.id, press, words)
            await answer_press(query, words.text(toast) if toast else "")

    async def _below_answer(self, message: Message, reader: int, press: Press, words: Messages) -> str:
        given = await self.desk.records.answer(press.target)
        if given is None or given.chat != message.chat_id:
            return "telegram_button_old"
        if press.action in (Action.HELPFUL, Action.UNHELPFUL):
            helpful = press.action is Action.HELPFUL
            await self.desk.records.vote(press.target, given, reader, helpful=helpful)
            return "telegram_thanks_helpful" if helpful else "telegram_thanks_unhelpful"
        try:
            if press.action is Action.MORE:
                return await self.showing.more(message, given, words)
            if press.number >= len(given.quotes) or press.step > LAST_STEP:
                return "telegram_button_old"
            shown = given.quotes[press.number]
            if press.action is Action.PAGE:
                return await self.showing.page(message, shown, words)
            return await self.showing.around(message, press.target, shown, (press.number, press.step), words)
        except (UnknownDocumentError, ArchiveEmptyError):
            return "telegram_document_gone"


async def answer_press(query: CallbackQuery, toast: str = "", *, alert: bool = False) -> None:
    """End the waiting sign on a button, with a short sentence or without one; one that is too old has none."""
    try:
        await query.answer(toast[:_TOAST_LIMIT] or None, show_alert=alert)
    except BadRequest as error:
        _LOGGER.info("A button was not waiting any more: %s", error.message)
