from telegram import Message, MessageEntity, MessageOriginUser, User
from telegram.ext import filters

__all__ = ["BY_PEOPLE", "FOR_THE_BOT", "NAMED", "OWN_WORDS", "question_of", "question_of_command", "quoted_text"]


def question_of_command(message: Message) -> str:
    """Give what follows the command in ``message``, or else the text that the message replies to; ``""`` for neither.

    A part of another message that is quoted beside the words is put before them. The message must begin with a
    command, as ``/ask`` or ``/ask@name_of_bot``.
    """
    text = message.text or ""
    command = message.entities[0]
    # Commands are ASCII and stand first, so the UTF-16 length that Telegram gives counts characters too.
    return _with_quote(text[command.offset + command.length :].strip(), message)


def question_of(message: Message, bot: User) -> str:
    """Give the question of a plain message: its text without the bot's name, and what it quotes of another message.

    In a private chat only a part that the user has chosen is taken from the other message: the bot's whole answer, to
    which a message replies, is no part of the question.
    """
    text = _without_mentions(message, bot).strip()
    if _replies_to(message, bot) or message.chat.type == message.chat.PRIVATE:
        chosen = message.quote is not None and message.quote.is_manual
        return _with_quote(text, message) if chosen else text
    return _with_quote(text, message)


def quoted_text(message: Message) -> str:
    """Give the part of another message that ``message`` quotes, or else all of the message it replies to."""
    if message.quote is not None:
        return message.quote.text.strip()
    replied = message.reply_to_message
    return (replied.text or replied.caption or "").strip() if replied is not None else ""


def _with_quote(text: str, message: Message) -> str:
    if not text:
        return quoted_text(message)
    if message.quote is not None and message.quote.is_manual:
        return f"{message.quote.text.strip()}\n{text}"
    return text


def _mentions(message: Message, bot: User) -> list[MessageEntity]:
    """Find where the bot is named, last first."""
    found = []
    for entity, text in message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]).items():
        named = entity.user is not None and entity.user.id == bot.id
        if named or text.lower() == f"@{(bot.username or '').lower()}":
            found.append(entity)
    return sorted(found, key=lambda entity: -entity.offset)


def _without_mentions(message: Message, bot: User) -> str:
    units = (message.text or "").encode("utf-16-le", "surrogatepass")
    for entity in _mentions(message, bot):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:start] + units[end:]
    return units.decode("utf-16-le", "replace")


def _replies_to(message: Message, bot: User) -> bool:
    replied = message.reply_to_message
    # In a topic each message replies to the note of its creation, which the bot itself may have made.
    if replied is None or replied.forum_topic_created is not None or replied.from_user is None:
        return False
    return replied.from_user.id == bot.id


class _ByPeople(filters.MessageFilter):
    """Messages of people, also of those who write in their group's name: bots must not talk to each other."""

    def filter(self, message: Message) -> bool:
        in_groups_name = message.sender_chat is not None and message.sender_chat.id == message.chat_id
        by_person = message.from_user is not None and not message.from_user.is_bot
        return (by_person or in_groups_name) and message.via_bot is None


class _ForTheBot(filters.MessageFilter):
    """Messages that speak to the bot: all of a private chat, in groups those that name it or reply to it."""

    def filter(self, message: Message) -> bool:
        bot = message.get_bot().bot
        if message.chat.type == message.chat.PRIVATE:
            return True
        return _replies_to(message, bot) or bool(_mentions(message, bot))


class _Named(filters.MessageFilter):
    """Commands that name the bot, as /help@name_of_bot."""

    def filter(self, message: Message) -> bool:
        return "@" in (message.text or "").split(maxsplit=1)[0]


class _OwnWords(filters.MessageFilter):
    """Messages that the bot wrote itself: forwarded to it, or written through its inline mode."""

    def filter(self, message: Message) -> bool:
        bot = message.get_bot().bot
        origin = message.forward_origin
        forwarded = isinstance(origin, MessageOriginUser) and origin.sender_user.id == bot.id
        return forwarded or (message.via_bot is not None and message.via_bot.id == bot.id)


BY_PEOPLE = _ByPeople()
"""Lets messages through that people wrote."""
FOR_THE_BOT = _ForTheBot()
"""Lets messages through that speak to the bot."""
NAMED = _Named()
"""Lets commands through that name a bot."""
OWN_WORDS = _OwnWords()
"""Lets messages through that hold the bot's own words."""
