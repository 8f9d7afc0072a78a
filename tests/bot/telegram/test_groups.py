"""When the bot speaks in a group, and what it takes for the question."""

import pytest

from bot.wording import messages
from retrieval import Archive
from tests.bot.telegram.server import BOT, BotApiServer, Fields

_QUESTION = "炎陵县调解成功率是多少？"
_NAME = "@wenju_test_bot"


def _mention(text: str, name: str = _NAME) -> Fields:
    before = text[: text.index(name)]
    offset = len(before.encode("utf-16-le")) // 2
    return {"entities": [{"type": "mention", "offset": offset, "length": len(name)}]}


def _quoted(server: BotApiServer, chat: int) -> list[str]:
    message = server.wait_for_messages(chat)[0]
    return [entity.text for entity in message.entities if entity.kind.endswith("blockquote")]


@pytest.mark.parametrize("text", [f"{_NAME} {_QUESTION}", f"😀大家好 {_NAME}\n{_QUESTION}", f"{_QUESTION}{_NAME}"])
def test_a_mention_is_a_question_without_the_name(
    telegram: BotApiServer, seeds_archive: Archive, group: int, text: str
) -> None:
    telegram.say(text, group, kind="supergroup", more=_mention(text))
    asked = text.replace(_NAME, "").strip()
    assert _quoted(telegram, group) == [quote.text for quote in seeds_archive.ask(asked).quotes]


def test_a_mention_alone_takes_the_message_it_replies_to(
    telegram: BotApiServer, seeds_archive: Archive, group: int
) -> None:
    first = telegram.message(_QUESTION, group, kind="group")
    telegram.say(
        _NAME.upper(), group, kind="group", more={"reply_to_message": first, **_mention(_NAME.upper(), _NAME.upper())}
    )
    assert _quoted(telegram, group) == [quote.text for quote in seeds_archive.ask(_QUESTION).quotes]


def test_a_user_without_a_name_in_the_mention_is_the_bot_by_number(
    telegram: BotApiServer, seeds_archive: Archive, group: int
) -> None:
    text = f"Wenju {_QUESTION}"
    entities = {"entities": [{"type": "text_mention", "offset": 0, "length": 5, "user": BOT}]}
    telegram.say(text, group, kind="group", more=entities)
    assert _quoted(telegram, group) == [quote.text for quote in seeds_archive.ask(_QUESTION).quotes]


def test_a_reply_to_the_bot_is_a_question(telegram: BotApiServer, group: int) -> None:
    telegram.say("/ask", group, kind="supergroup")
    usage = telegram.wait_for_messages(group)[0]
    asked = telegram.say(_QUESTION, group, kind="supergroup", more={"reply_to_message": telegram.shown(usage)})
    answer = telegram.wait_for_messages(group, 2)[1]
    assert answer.reply_to == asked
    assert answer.covered("blockquote")


def test_a_chosen_part_of_the_bots_answer_is_part_of_the_question(
    telegram: BotApiServer, seeds_archive: Archive, chat: int
) -> None:
    telegram.say(_QUESTION, chat)
    answer = telegram.wait_for_messages(chat)[0]
    quote = {"text": "炎陵县", "position": 0, "is_manual": True}
    telegram.say("调解了多少件纠纷？", chat, more={"reply_to_message": telegram.shown(answer), "quote": quote})
    second = telegram.wait_for_messages(chat, 2)[1]
    expected = seeds_archive.ask("炎陵县\n调解了多少件纠纷？").quotes
    assert [e.text for e in second.entities if e.kind.endswith("blockquote")] == [each.text for each in expected]


@pytest.mark.parametrize("command", ["help", "about", "sources", "lang", "forget"])
def test_a_command_that_names_the_bot_is_heard(telegram: BotApiServer, group: int, command: str) -> None:
    asked = telegram.say(f"/{command}{_NAME}", group, kind="supergroup")
    assert telegram.wait_for_messages(group)[0].reply_to == asked


def test_what_is_not_for_the_bot_stays_unanswered(telegram: BotApiServer, group: int) -> None:
    others = "@somebody_else 炎陵"
    created = {"message_id": 1, "date": 1, "chat": {"id": group, "type": "supergroup"}, "from": BOT}
    made = {"forum_topic_created": {"name": "话题", "icon_color": 0}, "message_thread_id": 5, "is_topic_message": True}
    telegram.say(others, group, kind="supergroup", more=_mention(others, "@somebody_else"))
    telegram.say(
        _QUESTION,
        group,
        kind="supergroup",
        more={"reply_to_message": created | made, "message_thread_id": 5, "is_topic_message": True},
    )
    telegram.say("", group, kind="supergroup", more={"location": {"latitude": 27.8, "longitude": 113.1}})
    telegram.say("/remove x", group, kind="supergroup")
    asked = telegram.say("/ask", group, kind="supergroup")
    (message,) = telegram.wait_for_messages(group)
    assert (message.reply_to, message.text) == (asked, messages("en").text("telegram_ask_usage"))


def test_another_bots_words_are_not_a_question(telegram: BotApiServer, group: int) -> None:
    telegram.say(_QUESTION, group, kind="group", more={"via_bot": BOT})
    text = f"{_NAME} {_QUESTION}"
    other = {"id": 55, "is_bot": True, "first_name": "Other"}
    telegram.say(text, group, kind="group", more={"from": other, **_mention(text)})
    asked = telegram.say("/ask", group, kind="group")
    assert [message.reply_to for message in telegram.wait_for_messages(group)] == [asked]
