import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from telegram import Bot, Message, PhotoSize, Update
from telegram.constants import ChatAction
from telegram.error import BadRequest

from bot.telegram.delivery import until_sent
from bot.telegram.desk import BotContext, Desk, message_of
from bot.telegram.keyboards import Action, Press, removal_keyboard
from bot.telegram.records import reader_of
from bot.telegram.rendering import render_source
from bot.telegram.sending import NO_PREVIEW, change, reply, reply_to_message, topic_of
from bot.telegram.text import Run
from bot.wording import Messages
from retrieval.errors import ArchiveLockedError, MissingExtraError, SourceError, UnknownDocumentError
from retrieval.reading import SUPPORTED_SUFFIXES
from retrieval.types import DocumentInfo, SyncReport

__all__ = ["MAX_MEGABYTES", "Uploads", "safe_name"]

MAX_MEGABYTES = 20
"""The most that Telegram lets a bot download, in its own count of 1,048,576 bytes."""

_MAX_BYTES = MAX_MEGABYTES << 20

_LONGEST_NAME = 100
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff<>:"|?*]')
_LONGEST_REASON = 300
_MOST_NAMED = 20


def safe_name(name: str) -> str:
    """Give the last part of a file's name without path, control characters and leading dots; empty if none is left."""
    last = _UNSAFE.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip().lstrip(". ")
    suffix = PurePosixPath(last).suffix
    stem = last.removesuffix(suffix)[: _LONGEST_NAME - len(suffix)].rstrip(" .")
    return f"{stem}{suffix}" if stem else ""


@dataclass(frozen=True, slots=True)
class Uploads:
    """Takes documents of admins into the archive and out of it."""

    desk: Desk

    async def received(self, update: Update, _context: BotContext) -> None:
        """Take a file or a photo into the archive, telling how far it is; others than admins are refused."""
        message = message_of(update)
        document = message.document or (message.photo[-1] if message.photo else None)  # the largest comes last
        if document is None:
            raise TypeError("a handler was given a message without a document; check its filters")
        if isinstance(document, PhotoSize):
            name = f"photo-{document.file_unique_id}.jpg"
        else:
            name = safe_name(document.file_name or "")
        if reader_of(message) not in self.desk.admins:
            await self.desk.say(message, "telegram_upload_refused")
        elif PurePosixPath(name).suffix.lower() not in SUPPORTED_SUFFIXES:
            kinds = " ".join(sorted(SUPPORTED_SUFFIXES))
            await self.desk.say(message, "telegram_upload_kind", kinds=kinds)
        elif (document.file_size or 0) > _MAX_BYTES:
            await self.desk.say(message, "telegram_upload_large", limit=MAX_MEGABYTES)
        else:
            await self._take(message, document.file_id, name)

    async def remove(self, update: Update, _context: BotContext) -> None:
        """Ask whether the document named after ``/remove`` is to go; others than admins are refused."""
        message = message_of(update)
        if reader_of(message) not in self.desk.admins:
            await self.desk.say(message, "telegram_upload_refused")
            return
        named = ((message.text or "").split(maxsplit=1)[1:2] or [""])[0].strip()
        documents = await self.desk.ask(self.desk.archive.documents)
        found = _named(documents, named)
        if not named:
            await self.desk.say(message, "telegram_remove_usage")
        elif len(found) == 1:
            words = await self.desk.words(message.from_user)
            keyboard = removal_keyboard(found[0].id, words)
            await self.desk.say(message, "telegram_remove_sure", keyboard, name=found[0].source)
        elif found:
            await reply(message, _several(found, await self.desk.words(message.from_user)))
        else:
            await self.desk.say(message, "telegram_remove_unknown", name=named[:_LONGEST_NAME])

    async def decided(self, message: Message, reader: int, press: Press, words: Messages) -> str:
        """Remove the document of the button, or keep it; give the sentence that tells so."""
        if reader not in self.desk.admins:
            return words.text("telegram_upload_refused")
        if press.action is Action.KEEP:
            toast = words.text("telegram_kept")
        else:
            try:
                await self.desk.keep(self.desk.archive.remove, press.target)
                toast = words.text("telegram_removed")
            except UnknownDocumentError:
                toast = words.text("telegram_document_gone")
            except ArchiveLockedError:
                return words.text("telegram_archive_busy")
        await change(message, [Run(toast)])
        return toast

    async def _take(self, message: Message, file_id: str, name: str) -> None:
        words = await self.desk.words(message.from_user)
        progress = await until_sent(
            lambda: message.get_bot().send_message(
                message.chat_id,
                words.text("telegram_upload_fetching", name=name),
                link_preview_options=NO_PREVIEW,
                message_thread_id=topic_of(message),
                reply_parameters=reply_to_message(message),
            )
        )
        async with self.desk.typing.shown(message, ChatAction.TYPING):
            result = await self._added(progress, file_id, name, words)
        await change(progress, [Run(result)])

    async def _added(self, progress: Message, file_id: str, name: str, words: Messages) -> str:
        try:
            data = await until_sent(lambda: _fetched(progress.get_bot(), file_id))
        except BadRequest as error:
            if "too big" in error.message:
                return words.text("telegram_upload_large", limit=MAX_MEGABYTES)
            return words.text("telegram_upload_failed", name=name, reason=error.message)
        await change(progress, [Run(words.text("telegram_upload_reading", name=name))])
        try:
            report = await self.desk.keep(self.desk.archive.add, name, data)
        except (MissingExtraError, SourceError) as error:
            return words.text("telegram_upload_failed", name=name, reason=str(error)[:_LONGEST_REASON])
        except ArchiveLockedError:
            return words.text("telegram_archive_busy")
        return _told(report, name, words)


async def _fetched(bot: Bot, file_id: str) -> bytes:
    file = await bot.get_file(file_id)
    return bytes(await file.download_as_bytearray())


def _named(documents: list[DocumentInfo], named: str) -> list[DocumentInfo]:
    """Find documents: the one of exactly this name or id, or else those that hold the words in name or title."""
    exact = [document for document in documents if named in (document.source, document.id)]
    folded = named.casefold()
    return exact or [each for each in documents if folded in each.source.casefold() or folded in each.title.casefold()]


def _several(found: list[DocumentInfo], words: Messages) -> list[Run]:
    before, _, after = words.text("telegram_remove_several", names="\0").partition("\0")
    runs = [Run(before)]
    for document in found[:_MOST_NAMED]:
        runs += [*render_source(document), Run("\n")]
    more = len(found) - _MOST_NAMED
    return [*runs, Run(after), Run(words.text("telegram_more_sources", count=more) if more > 0 else "")]


def _told(report: SyncReport, name: str, words: Messages) -> str:
    if report.failures:
        return words.text("telegram_upload_failed", name=name, reason=report.failures[0].reason[:_LONGEST_REASON])
    if report.changed:
        text = words.text("telegram_upload_changed", name=name)
    elif report.added:
        text = words.text("telegram_upload_added", name=name)
    else:
        text = words.text("telegram_upload_unchanged", name=name)
    return "\n".join([text, *(warning.reason[:_LONGEST_REASON] for warning in report.warnings[:3])])
