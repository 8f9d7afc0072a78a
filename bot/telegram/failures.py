import logging
import secrets
import traceback

from telegram import Update
from telegram.error import Conflict, Forbidden, TelegramError

from bot.telegram.handlers import BotContext, messages_for
from bot.telegram.sending import reply
from bot.telegram.text import Run

__all__ = ["handle_error", "handle_polling_error"]

_LOGGER = logging.getLogger(__name__)


async def handle_error(update: object, context: BotContext) -> None:
    """Log what went wrong with an update under a new id, and give the user the id and nothing else."""
    error = context.error
    if isinstance(error, Forbidden):
        _LOGGER.info("A chat takes no messages from the bot: %s", error.message)
        return
    identifier = secrets.token_hex(4)
    _LOGGER.error("Error %s while handling an update:\n%s", identifier, _trace(error, context.bot.token))
    if not isinstance(update, Update) or update.message is None:
        return
    try:
        await reply(update.message, [Run(messages_for(update.message).text("telegram_error", id=identifier))])
    except TelegramError as failure:
        _LOGGER.warning("The user could not be told of error %s: %s", identifier, failure.message)


def handle_polling_error(error: TelegramError) -> None:
    """Log why fetching updates failed; it is tried again by itself, after a growing pause."""
    if isinstance(error, Conflict):
        _LOGGER.error(
            "Another program fetches updates with this bot's token, so questions are lost between the two. "
            "Stop the other one, or give each its own token."
        )
    else:
        _LOGGER.warning("Fetching updates failed and will be tried again: %s", error.message)


def _trace(error: BaseException | None, token: str) -> str:
    return "".join(traceback.format_exception(error)).replace(token, "[token]") if error else "no details"
