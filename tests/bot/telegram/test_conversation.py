"""The bot as its readers meet it: over HTTP, with the real archive of the seeds."""

import pytest

from bot.telegram.rendering import render_answer
from bot.telegram.text import to_plain
from bot.wording import messages
from retrieval import Archive
from retrieval.types import AnswerStatus
from tests.bot.telegram.methods import SentMessage, shown
from tests.bot.telegram.server import BotApiServer

_QUESTION = "炎陵县调解成功率是多少？"
_OFF_TOPIC = "比特币今天的价格是多少美元？"


def _only(server: BotApiServer, chat: int) -> SentMessage:
    (message,) = server.wait_for_messages(chat)
    return message


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("command", ["start", "help"])
def test_greeting_and_help_speak_the_users_language(
    telegram: BotApiServer, chat: int, command: str, language: str
) -> None:
    asked = telegram.say(f"/{command}", chat, language=language)
    message = _only(telegram, chat)
    assert message.text == messages(language).text(f"telegram_{command}")
    assert message.reply_to == asked


@pytest.mark.parametrize(
    "text", [_QUESTION, f"/ask {_QUESTION}", f"/ask@wenju_test_bot\n{_QUESTION}", f"/ASK@Wenju_Test_Bot {_QUESTION}"]
)
def test_a_question_gets_the_archives_answer(
    telegram: BotApiServer, seeds_archive: Archive, chat: int, text: str
) -> None:
    telegram.say(text, chat, language="zh-hans")
    message = _only(telegram, chat)
    answer = seeds_archive.ask(_QUESTION)
    assert answer.status is AnswerStatus.ANSWERED
    assert message.text == shown(to_plain(render_answer(answer, messages("zh"))))


@pytest.mark.parametrize("question", [_QUESTION, "What is the success rate of mediation in Yanling County?"])
def test_every_quote_stands_in_its_document(
    telegram: BotApiServer, seeds_archive: Archive, chat: int, question: str
) -> None:
    telegram.say(question, chat)
    message = _only(telegram, chat)
    answer = seeds_archive.ask(question)
    quotes = answer.quotes or answer.near_misses
    assert len(quotes) == len(message.quoted) > 0
    for quote, quoted in zip(quotes, message.quoted, strict=True):
        text = seeds_archive.document(quote.document_id).text
        assert quoted == "".join(text[span.start : span.end] for span in quote.spans) == quote.text
        first, last = quote.lines
        lines = f"{first}" if first == last else f"{first}-{last}"
        assert f"{quote.source}:{lines}" in message.covered("code")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_archive_does_not_answer_is_said_so(telegram: BotApiServer, chat: int, language: str) -> None:
    telegram.say(_OFF_TOPIC, chat, language=language)
    assert _only(telegram, chat).text.startswith(messages(language).text("not_found"))


def test_ask_without_a_question_says_how(telegram: BotApiServer, chat: int) -> None:
    telegram.say("/ask  \n", chat, language="zh")
    assert _only(telegram, chat).text == messages("zh").text("telegram_ask_usage")


def test_ask_as_a_reply_takes_the_message_for_the_question(
    telegram: BotApiServer, seeds_archive: Archive, group: int
) -> None:
    first = telegram.message(_QUESTION, group, kind="group")
    asked = telegram.say("/ask", group, kind="group", more={"reply_to_message": first})
    message = _only(telegram, group)
    assert message.quoted == [quote.text for quote in seeds_archive.ask(_QUESTION).quotes]
    assert message.reply_to == asked


def test_ask_as_a_reply_to_a_quotation_takes_the_quotation(
    telegram: BotApiServer, seeds_archive: Archive, group: int
) -> None:
    first = telegram.message(f"大家好！{_QUESTION} 谢谢", group, kind="group")
    quote = {"text": _QUESTION, "position": 4, "is_manual": True}
    telegram.say("/ask", group, kind="group", more={"reply_to_message": first, "quote": quote})
    assert _only(telegram, group).quoted == [quote.text for quote in seeds_archive.ask(_QUESTION).quotes]


def test_an_argument_goes_before_the_message_replied_to(
    telegram: BotApiServer, seeds_archive: Archive, group: int
) -> None:
    first = telegram.message(_OFF_TOPIC, group, kind="group")
    telegram.say(f"/ask {_QUESTION}", group, kind="group", more={"reply_to_message": first})
    assert _only(telegram, group).quoted == [quote.text for quote in seeds_archive.ask(_QUESTION).quotes]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
def test_a_group_hears_the_bot_only_when_it_asks(telegram: BotApiServer, group: int, kind: str) -> None:
    for text in (_QUESTION, "/help", "/start", "/sources", "/roll", "/ask@other_bot 炎陵"):
        telegram.say(text, group, kind=kind)
    asked = telegram.say("/ask", group, kind=kind)  # one chat's messages are handled in order
    assert _only(telegram, group).reply_to == asked


def test_a_topic_keeps_its_answers_and_its_typing_sign(telegram: BotApiServer, group: int) -> None:
    topic = {"message_thread_id": 5, "is_topic_message": True}
    telegram.say(f"/ask {_QUESTION}", group, kind="supergroup", more=topic)
    assert _only(telegram, group).thread == 5
    typing = [call for call in telegram.wait_for_calls("sendChatAction") if call.parameters["chat_id"] == str(group)]
    assert [(call.parameters["action"], call.parameters["message_thread_id"]) for call in typing] == [("typing", "5")]


def test_a_reply_thread_of_a_plain_group_is_no_topic(telegram: BotApiServer, group: int) -> None:
    telegram.say(f"/ask {_QUESTION}", group, kind="supergroup", more={"message_thread_id": 9})
    assert _only(telegram, group).thread is None


def test_messages_come_without_previews_and_survive_a_deleted_question(telegram: BotApiServer, chat: int) -> None:
    deleted = telegram.message("/help", chat) | {"message_id": 999_999}
    telegram.deliver("message", deleted)
    message = _only(telegram, chat)
    assert not message.has_preview
    assert message.reply_to == 999_999


def test_other_commands_get_a_hint(telegram: BotApiServer, chat: int) -> None:
    telegram.say("/dance", chat)
    assert _only(telegram, chat).text == messages("en").text("telegram_unknown_command")


def test_sources_names_every_document(telegram: BotApiServer, seeds_archive: Archive, chat: int) -> None:
    telegram.say("/sources", chat)
    assert _only(telegram, chat).covered("code") == [document.source for document in seeds_archive.documents()]


def test_search_lists_passages_with_their_places(telegram: BotApiServer, seeds_archive: Archive, chat: int) -> None:
    telegram.say("/search 调解 成功率", chat)
    message = _only(telegram, chat)
    hits = seeds_archive.search("调解 成功率", 5)
    assert message.covered("code") == [hit.source for hit in hits]
    for quoted, hit in zip(message.quoted, hits, strict=True):
        assert hit.passage.text.startswith(quoted.removesuffix("…"))


def test_search_without_words_says_how(telegram: BotApiServer, chat: int) -> None:
    telegram.say("/search", chat, language="fr")
    assert _only(telegram, chat).text == messages("fr").text("telegram_search_usage")


def test_about_tells_what_is_kept_and_for_how_long(telegram: BotApiServer, seeds_archive: Archive, chat: int) -> None:
    telegram.say("/about", chat)
    text, info = _only(telegram, chat).text, seeds_archive.info()
    assert f"Documents: {info.documents}\nPassages: {info.passages}" in text
    assert "72 hours" in text
    assert "/forget" in text


def test_questions_of_one_chat_are_answered_in_order(telegram: BotApiServer, chat: int) -> None:
    asked = [telegram.say(text, chat) for text in (_QUESTION, "/help", _OFF_TOPIC, "/ask", _QUESTION)]
    assert [message.reply_to for message in telegram.wait_for_messages(chat, 5)] == asked
