import logging
from collections.abc import Sequence

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.telegram.splitting import split
from bot.telegram.text import Run, to_html, to_plain

__all__ = ["reply", "show_typing"]

_LOGGER = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def reply(message: Message, runs: Sequence[Run]) -> None:
    """Send a styled text as an answer to ``message``, in as many messages as it needs, in its chat and topic.

    :raises telegram.error.TelegramError: if Telegram refuses a message for another reason than its markup.
    """
    reply_to: ReplyParameters | None = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    for part in split(runs):
        try:
            await _send(message, to_html(part), ParseMode.HTML, reply_to)
        except BadRequest as error:
            if not _about_markup(error):
                raise
            _LOGGER.warning("Telegram refused the markup of a message, so it goes out as plain text: %s", error.message)
            await _send(message, to_plain(part), None, reply_to)
        reply_to = None  # the rest follows the first part; each a reply would repeat the question every time


async def show_typing(message: Message) -> None:
    """Show in the chat that an answer is on its way; the answer does not depend on it, so a failure is only logged."""
    try:
        await message.get_bot().send_chat_action(message.chat_id, ChatAction.TYPING, message_thread_id=_topic(message))
    except Forbidden as error:
        _LOGGER.info("No typing sign in chat %d: %s", message.chat_id, error.message)
    except TelegramError as error:
        _LOGGER.warning("No typing sign in chat %d: %s", message.chat_id, error.message)


async def _send(message: Message, text: str, parse_mode: str | None, reply_to: ReplyParameters | None) -> None:
    await message.get_bot().send_message(
        message.chat_id,
        text,
        parse_mode=parse_mode,
        link_preview_options=_NO_PREVIEW,
        message_thread_id=_topic(message),
        reply_parameters=reply_to,
    )


def _topic(message: Message) -> int | None:
    # Plain groups number their reply threads too, but take no message that names one.
    return message.message_thread_id if message.is_topic_message else None


def _about_markup(error: BadRequest) -> bool:
    return "entities" in error.message.lower()
