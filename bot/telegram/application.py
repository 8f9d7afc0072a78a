import logging
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ExtBot,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.telegram.asking import Asking
from bot.telegram.buttons import Buttons
from bot.telegram.catalogue import Catalogue
from bot.telegram.desk import BotContext, Desk
from bot.telegram.failures import Failures
from bot.telegram.inline import Inline
from bot.telegram.limits import Limits
from bot.telegram.pacing import Pacing
from bot.telegram.questions import BY_PEOPLE, FOR_THE_BOT, NAMED, OWN_WORDS
from bot.telegram.showing import Showing
from bot.telegram.talk import Talk
from bot.telegram.uploads import Uploads

__all__ = ["ALLOWED_UPDATES", "DEFAULT_BASE_URL", "BotApplication", "build_application"]

BotApplication: TypeAlias = Application[ExtBot[int], BotContext, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)
"""The kinds of updates that the bot asks Telegram for."""
DEFAULT_BASE_URL = "https://api.telegram.org/bot"

_SECONDS_TO_ANSWER = 20.0  # Telegram's own time, not ours: five seconds, the default, lose messages on slow lines
_INLINE_PER_MINUTE = 60  # a client asks with every pause in the typing
_CONNECTIONS = 128


def build_application(desk: Desk, token: str, base_url: str = DEFAULT_BASE_URL) -> BotApplication:
    """Make the bot that works at ``desk``, ready to be run by :func:`bot.telegram.running.serve`.

    ``token`` comes from @BotFather; ``base_url`` is the Bot API server's address, to which the token is appended.
    Nothing is sent yet. Loggers that would write the token down are made quieter for the whole process.
    """
    _keep_addresses_out_of_logs()
    application: BotApplication = (
        Application.builder()
        .token(token)
        .base_url(base_url)
        .base_file_url(_files_of(base_url))
        .rate_limiter(Pacing())
        .updater(None)  # it tells Telegram to forget updates before they are answered
        .read_timeout(_SECONDS_TO_ANSWER)
        .write_timeout(_SECONDS_TO_ANSWER)
        .pool_timeout(_SECONDS_TO_ANSWER)
        .connection_pool_size(_CONNECTIONS)
        .job_queue(None)
        .build()
    )
    _add_handlers(application, desk)
    application.add_error_handler(Failures(desk).handle)
    return application


def _files_of(base_url: str) -> str:
    """Give the address of files beside that of methods, as Telegram has them: ``…/file/bot``."""
    return f"{base_url.removesuffix('bot')}file/bot" if base_url.endswith("/bot") else base_url


def _keep_addresses_out_of_logs() -> None:
    """Raise the level of the loggers that write addresses, which hold the token."""
    for name, level in (("httpx", logging.WARNING), ("httpcore", logging.WARNING), ("telegram", logging.INFO)):
        logger = logging.getLogger(name)
        logger.setLevel(max(level, logger.getEffectiveLevel()))


def _add_handlers(application: BotApplication, desk: Desk) -> None:
    asking, talk, catalogue, uploads = Asking(desk), Talk(desk), Catalogue(desk), Uploads(desk)
    buttons = Buttons(desk, Showing(desk), catalogue, talk, uploads)
    # Edits and channel posts are messages too, for a handler without this filter.
    new = filters.UpdateType.MESSAGE & BY_PEOPLE & (filters.ChatType.PRIVATE | filters.ChatType.GROUPS)
    private = new & filters.ChatType.PRIVATE
    # In a group a plain /help may be meant for any of its bots.
    addressed = private | (new & NAMED)
    edit = filters.UpdateType.EDITED_MESSAGE & BY_PEOPLE
    text = filters.TEXT & ~filters.COMMAND
    photo_of_admin = filters.PHOTO & filters.User(desk.admins)
    application.add_handlers(
        [
            MessageHandler(private & OWN_WORDS, asking.own_words),
            CommandHandler("ask", asking.command, new),
            CommandHandler("search", asking.search, new),
            CommandHandler("start", talk.start, addressed),
            CommandHandler("help", talk.help, addressed),
            CommandHandler("about", talk.about, addressed),
            CommandHandler("sources", catalogue.listed, addressed),
            CommandHandler("lang", talk.language, addressed),
            CommandHandler("forget", talk.forget, addressed),
            CommandHandler("remove", uploads.remove, private),
            MessageHandler(private & filters.COMMAND, talk.other_command),
            MessageHandler(new & text & FOR_THE_BOT, asking.question),
            MessageHandler(private & (filters.Document.ALL | photo_of_admin), uploads.received),
            MessageHandler(private & filters.ATTACHMENT, talk.other_content),
            CommandHandler("ask", asking.edited_command, edit),
            MessageHandler(edit & text & FOR_THE_BOT, asking.edited),
            CallbackQueryHandler(buttons.pressed),
            InlineQueryHandler(Inline(desk, Limits(_INLINE_PER_MINUTE)).query),
        ]
    )
