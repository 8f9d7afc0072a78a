"""Input that means no good, or that nobody thought of: each gets a kind answer or none, and never an error."""

import pytest

from bot.wording import messages
from retrieval import Archive
from tests.bot.telegram.server import BOT, BotApiServer

_QUESTION = "炎陵县调解成功率是多少？"
_WORDS = messages("en")


@pytest.mark.parametrize(
    "text",
    [
        "<b>&amp;</blockquote> <script>alert(1)</script>",
        "*炎陵* _县_ `调解` [成功率](tg://user?id=1) ||多少|| ```x",
        "炎陵\u200b县\u200d的\ufeff调解",
        "\u202e率功成解调\u202c \u2067שלום\u2069 مرحبا",
        "😀" * 4096,
        "炎陵县调解" * 2000,
        "\x01\x02炎陵\x1b[0m",
        "{question} {0} %s ${TOKEN}",
        "'; DROP TABLE telegram_updates; --",
        "e\u0301" * 500,
    ],
)
def test_hostile_questions_get_an_answer_of_some_kind(telegram: BotApiServer, chat: int, text: str) -> None:
    asked = telegram.say(text, chat)
    message = telegram.wait_for_messages(chat)[0]
    assert message.reply_to == asked
    assert "(Error" not in message.text


@pytest.mark.parametrize(
    ("text", "key"), [("炎" * 10_001, "telegram_question_too_long"), ("\u200b\u200d", "telegram_question_empty")]
)
def test_what_cannot_be_asked_is_refused_kindly(telegram: BotApiServer, chat: int, text: str, key: str) -> None:
    telegram.say(text, chat, language="zh")
    assert telegram.wait_for_messages(chat)[0].text == messages("zh").text(key, limit=10_000)


def test_the_bots_own_message_forwarded_to_it_is_no_question(telegram: BotApiServer, chat: int) -> None:
    telegram.say(_QUESTION, chat, more={"forward_origin": {"type": "user", "date": 1, "sender_user": BOT}})
    assert telegram.wait_for_messages(chat)[0].text == _WORDS.text("telegram_own_words")


def test_somebody_elses_message_forwarded_is_a_question(telegram: BotApiServer, chat: int) -> None:
    telegram.say(_QUESTION, chat, more={"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "甲"}})
    assert telegram.wait_for_messages(chat)[0].covered("bold")


def test_an_edited_question_is_answered_anew_and_once(telegram: BotApiServer, chat: int) -> None:
    asked = telegram.message("炎陵县的调解成功了多少件？", chat)
    telegram.deliver("message", asked)
    telegram.wait_for_messages(chat)
    telegram.deliver("edited_message", asked | {"edit_date": 2})  # as when a reaction or a preview was added
    telegram.deliver("edited_message", asked | {"edit_date": 3, "text": _QUESTION})
    telegram.deliver("edited_message", asked | {"edit_date": 4, "text": _QUESTION})
    last = telegram.say("/help", chat)
    replies = [message.reply_to for message in telegram.wait_for_messages(chat, 3)]
    assert replies == [asked["message_id"], asked["message_id"], last]


def test_an_edited_command_is_answered_anew(telegram: BotApiServer, seeds_archive: Archive, group: int) -> None:
    asked = telegram.message("/ask 炎陵县的调解成功了多少件？", group, kind="supergroup")
    telegram.deliver("message", asked)
    telegram.wait_for_messages(group)
    telegram.deliver("edited_message", asked | {"edit_date": 2})
    telegram.deliver("edited_message", asked | {"edit_date": 3, "text": f"/ask {_QUESTION}"})
    second = telegram.wait_for_messages(group, 2)[1]
    assert second.reply_to == asked["message_id"]
    assert [each.text for each in second.entities if each.kind.endswith("blockquote")] == [
        quote.text for quote in seeds_archive.ask(_QUESTION).quotes
    ]


def test_a_greeting_that_is_edited_into_a_question_is_answered(telegram: BotApiServer, chat: int) -> None:
    asked = telegram.message("你好", chat)
    telegram.deliver("message", asked)
    (greeting,) = telegram.wait_for_messages(chat)
    assert greeting.buttons == []
    telegram.deliver("edited_message", asked | {"edit_date": 2, "text": _QUESTION})
    assert telegram.wait_for_messages(chat, 2)[1].covered("bold")


def test_an_edit_of_what_was_never_answered_is_ignored(telegram: BotApiServer, chat: int) -> None:
    telegram.deliver("edited_message", telegram.message(_QUESTION, chat) | {"edit_date": 2})
    telegram.deliver("edited_message", telegram.message("/ask", chat) | {"edit_date": 2})
    asked = telegram.say("/help", chat)
    assert [message.reply_to for message in telegram.wait_for_messages(chat)] == [asked]


@pytest.mark.parametrize(
    "content",
    [
        {"poll": {"id": "1", "question": _QUESTION, "options": [], "total_voter_count": 0, "is_closed": False,
                  "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                  "allows_revoting": False, "members_only": False}},
        {"location": {"latitude": 27.8, "longitude": 113.1}},
        {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}], "caption": _QUESTION},
        {"voice": {"file_id": "1", "file_unique_id": "1", "duration": 1}},
        {"dice": {"emoji": "🎲", "value": 6}},
    ],
    ids=lambda content: next(iter(content)),
)  # fmt: skip
def test_content_other_than_text_gets_a_hint(telegram: BotApiServer, chat: int, content: dict[str, object]) -> None:
    telegram.say("", chat, more=content)
    assert telegram.wait_for_messages(chat)[0].text == _WORDS.text("telegram_text_only")


def test_updates_of_unknown_kinds_and_shapes_are_passed_over(telegram: BotApiServer, chat: int) -> None:
    telegram.deliver("news_from_the_future", {"chat": {"id": chat}})
    telegram.deliver("message", {"chat": "is no chat"})
    telegram.deliver("message", {"message_id": 5, "date": "never", "chat": {"id": chat, "type": "private"}})
    telegram.deliver("channel_post", telegram.message("/ask", chat))
    telegram.deliver("poll", {"id": "1"})
    asked = telegram.say("/help", chat)
    assert [message.reply_to for message in telegram.wait_for_messages(chat)] == [asked]


@pytest.mark.parametrize(
    "data",
    [
        "",
        "m",
        "m:",
        "m::0:0",
        "m:AAAAAAAAAAA:0:0",
        "a:{id}:9:0",
        "a:{id}:0:9",
        "a:{id}:-1:0",
        "a:{id}:0:0:0",
        "a:{id}:99999:0",
        "p:m:{id}:0",
        "z:{id}:0:0",
        "l:klingon:0:0",
        "y:{id}' OR 1=1 --:0:0",
        '{{"a":"m:{id}:0:0"}}',
        "\x00" * 64,
        "😀" * 16,
    ],
)
def test_forged_buttons_get_a_friendly_answer(telegram: BotApiServer, chat: int, data: str) -> None:
    telegram.say(_QUESTION, chat)
    message = telegram.wait_for_messages(chat)[0]
    identifier = message.buttons[0].data.split(":")[1]
    toast = telegram.press(message, data.format(id=identifier))
    assert toast.text == _WORDS.text("telegram_button_old")
    assert telegram.in_chat(chat) == [message]


def test_a_button_of_another_chat_is_not_obeyed(telegram: BotApiServer, chat: int) -> None:
    telegram.say(_QUESTION, chat)
    stolen = telegram.wait_for_messages(chat)[0].buttons[0].data
    other = chat + 500_000
    telegram.say("/help", other, user=8)
    toast = telegram.press(telegram.wait_for_messages(other)[0], stolen, user=8)
    assert toast.text == _WORDS.text("telegram_button_old")
    assert len(telegram.in_chat(other)) == 1


def test_others_than_admins_cannot_forge_the_removal(telegram: BotApiServer, seeds_archive: Archive, chat: int) -> None:
    telegram.say("/help", chat)
    message = telegram.wait_for_messages(chat)[0]
    document = seeds_archive.documents()[0]
    toast = telegram.press(message, f"r:{document.id}:0:0")
    assert toast.text == _WORDS.text("telegram_upload_refused")
    assert document in seeds_archive.documents()


def test_a_press_on_a_message_that_is_gone_is_answered(telegram: BotApiServer, chat: int) -> None:
    telegram.say("/help", chat)
    telegram.wait_for_messages(chat)
    user = {"id": 77, "is_bot": False, "first_name": "Reader"}
    query = {"id": "gone", "from": user, "chat_instance": "1", "data": "m:AAAAAAAAAAA:0:0"}
    inaccessible = {"chat": {"id": chat, "type": "private"}, "message_id": 1, "date": 0}
    telegram.queries.begin("gone")
    telegram.deliver("callback_query", query | {"message": inaccessible})
    telegram.wait_for(lambda: "gone" in telegram.queries.toasts, "an answer")
    assert telegram.queries.toasts["gone"].text == _WORDS.text("telegram_button_old")
