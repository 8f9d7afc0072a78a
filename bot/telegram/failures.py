import logging
import secrets
import traceback

from telegram import Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.telegram.buttons import answer_press
from bot.telegram.desk import BotContext, Desk
from bot.telegram.sending import reply
from bot.telegram.text import Run
from bot.wording import messages
from retrieval.errors import WenjuError

__all__ = ["Failures"]

_LOGGER = logging.getLogger(__name__)


class Failures:
    """The one error handler: logs what went wrong under a new id, and gives the user the id and nothing else."""

    def __init__(self, desk: Desk) -> None:
        """Tell users in the languages that ``desk`` knows of them."""
        self._desk = desk

    async def handle(self, update: object, context: BotContext) -> None:
        """Handle the error of an update."""
        error = context.error
        if isinstance(error, Forbidden):
            _LOGGER.info("A chat takes no messages from the bot: %s", error.message)
            return
        identifier = secrets.token_hex(4)
        self._desk.metrics.error()
        _LOGGER.error("Error %s while handling an update:\n%s", identifier, _trace(error, context.bot))
        if not isinstance(update, Update):
            return
        try:
            await self._tell(update, identifier)
        except TelegramError as failure:
            _LOGGER.warning("The user could not be told of error %s: %s", identifier, failure.message)

    async def _tell(self, update: Update, identifier: str) -> None:
        try:
            words = await self._desk.words(update.effective_user)
        except WenjuError:  # it may be the records that fail
            words = messages("en")
        text = words.text("telegram_error", id=identifier)
        if update.callback_query is not None:
            await answer_press(update.callback_query, text, alert=True)
        elif isinstance(update.effective_message, Message):
            await reply(update.effective_message, [Run(text)])


def _trace(error: BaseException | None, bot: ExtBot[None]) -> str:
    return "".join(traceback.format_exception(error)).replace(bot.token, "[token]") if error else "no details"
