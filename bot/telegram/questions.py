from telegram import Message

__all__ = ["question_of_command", "quoted_text"]


def question_of_command(message: Message) -> str:
    """Give what follows the command in ``message``, or else the text that the message replies to; ``""`` for neither.

    The message must begin with a command, as ``/ask`` or ``/ask@name_of_bot``.
    """
    text = message.text or ""
    command = message.entities[0]
    # Commands are ASCII and stand first, so the UTF-16 length that Telegram gives counts characters too.
    return text[command.offset + command.length :].strip() or quoted_text(message)


def quoted_text(message: Message) -> str:
    """Give the part of another message that ``message`` quotes, or else all of the message it replies to."""
    if message.quote is not None:
        return message.quote.text.strip()
    replied = message.reply_to_message
    return (replied.text or replied.caption or "").strip() if replied is not None else ""
