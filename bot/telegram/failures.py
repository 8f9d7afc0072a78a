import logging
import secrets
import traceback
from collections.abc import Mapping

from telegram import Message, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.telegram.buttons import answer_press
from bot.telegram.desk import BotContext, Desk
from bot.telegram.sending import reply
from bot.telegram.text import Run
from bot.wording import messages
from retrieval.errors import ArchiveEmptyError, ArchiveLockedError, ArchiveMissingError, WenjuError

__all__ = ["Failures"]

_LOGGER = logging.getLogger(__name__)
_KNOWN: Mapping[type[BaseException | None], str] = {
    ArchiveEmptyError: "telegram_archive_empty",
    ArchiveLockedError: "telegram_archive_busy",
    ArchiveMissingError: "telegram_archive_missing",
}
"""What may well be the case, whatever was asked for, and the sentence that says so."""


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
        key, values = _KNOWN.get(type(error), ""), {}
        if key:
            _LOGGER.warning("A reader has to wait: %s", error)
        else:
            key, values = "telegram_error", {"id": secrets.token_hex(4)}
            self._desk.metrics.error()
            _LOGGER.error("Error %s while handling an update:\n%s", values["id"], _trace(error, context.bot))
        if isinstance(update, Update):
            try:
                await self._tell(update, key, values)
            except TelegramError as failure:
                _LOGGER.warning("The user could not be told of an error: %s", failure.message)

    async def _tell(self, update: Update, key: str, values: Mapping[str, str]) -> None:
        try:
            words = await self._desk.words(update.effective_user)
        except WenjuError:  # it may be the records that fail
            words = messages("en")
        text = words.text(key, **values)
        if update.callback_query is not None:
            await answer_press(update.callback_query, text, alert=True)
        elif isinstance(update.effective_message, Message):
            await reply(update.effective_message, [Run(text)])


def _trace(error: BaseException | None, bot: ExtBot[None]) -> str:
    return "".join(traceback.format_exception(error)).replace(bot.token, "[token]") if error else "no details"
