import logging
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.telegram.delivery import step, until_sent
from bot.telegram.splitting import split
from bot.telegram.text import Run, to_html, to_plain

__all__ = ["NO_PREVIEW", "change", "reply", "reply_to_message", "reply_with_picture", "topic_of"]

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LOGGER = logging.getLogger(__name__)
_CAPTION_LIMIT = 1024  # UTF-16 code units


async def reply(message: Message, runs: Sequence[Run], keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Send a styled text as an answer to ``message``, in as many messages as it needs, in its chat and topic.

    The buttons stand below the last one. A message that does not reach Telegram is tried again until it does.

    :raises telegram.error.TelegramError: if Telegram refuses a message for another reason than its markup.
    """
    reply_to: ReplyParameters | None = reply_to_message(message)
    parts = split(runs)
    for number, part in enumerate(parts, 1):
        await step(_Sending(message, part, reply_to, keyboard if number == len(parts) else None))
        reply_to = None  # the rest follows the first part; each a reply would repeat the question every time


async def reply_with_picture(message: Message, picture: bytes, caption: Sequence[Run]) -> None:
    """Send a picture as an answer to ``message``; of the caption as much as Telegram takes.

    :param picture: JPEG or PNG.
    :raises telegram.error.TelegramError: if Telegram refuses it for another reason than its markup.
    """
    await step(_Sending(message, split(caption, _CAPTION_LIMIT)[0], reply_to_message(message), None, picture))


async def change(message: Message, runs: Sequence[Run], keyboard: InlineKeyboardMarkup | None = None) -> None:
    """Put a text in the place of a message of the bot; below it, when the message is gone or the text is too long.

    :raises telegram.error.TelegramError: if Telegram refuses that too.
    """
    parts = split(runs)
    if len(parts) == 1:
        try:
            await until_sent(
                lambda: message.edit_text(
                    to_html(parts[0]),
                    parse_mode=ParseMode.HTML,
                    link_preview_options=NO_PREVIEW,
                    reply_markup=keyboard,
                )
            )
            return
        except BadRequest as error:
            if "not modified" in error.message:
                return
            _LOGGER.info("A message could not be changed: %s", error.message)
    await reply(message, runs, keyboard)


def reply_to_message(message: Message) -> ReplyParameters:
    """Make what threads an answer to ``message``, which may be deleted meanwhile."""
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


def topic_of(message: Message) -> int | None:
    """Give the forum topic of a message; None outside of forums."""
    # Plain groups number their reply threads too, but take no message that names one.
    return message.message_thread_id if message.is_topic_message else None


@dataclass(frozen=True, slots=True)
class _Sending:
    """One message on its way; called, it is sent, without its markup when Telegram does not take that."""

    message: Message
    part: tuple[Run, ...]
    reply_to: ReplyParameters | None
    keyboard: InlineKeyboardMarkup | None
    picture: bytes = b""

    async def __call__(self) -> None:
        try:
            await self._deliver(self.message.chat_id, self.reply_to)
        except ChatMigrated as error:
            # A group that has become a supergroup has a new number, and so have its messages.
            await self._deliver(error.new_chat_id, None)

    async def _deliver(self, chat: int, reply_to: ReplyParameters | None) -> None:
        try:
            await until_sent(lambda: self._send(chat, reply_to, to_html(self.part), ParseMode.HTML))
        except BadRequest as error:
            if "entities" not in error.message.lower():
                raise
            _LOGGER.warning("Telegram refused the markup of a message; it goes out as plain text: %s", error.message)
            await until_sent(lambda: self._send(chat, reply_to, to_plain(self.part), None))

    async def _send(self, chat: int, reply_to: ReplyParameters | None, text: str, parse_mode: str | None) -> None:
        bot, topic = self.message.get_bot(), topic_of(self.message)
        if self.picture:
            await bot.send_photo(
                chat,
                self.picture,
                caption=text,
                parse_mode=parse_mode,
                message_thread_id=topic,
                reply_parameters=reply_to,
                filename="page.jpg",
            )
            return
        await bot.send_message(
            chat,
            text,
            parse_mode=parse_mode,
            link_preview_options=NO_PREVIEW,
            message_thread_id=topic,
            reply_parameters=reply_to,
            reply_markup=self.keyboard,
        )
