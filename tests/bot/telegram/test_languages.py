"""The language that the bot speaks with each reader, and that of the commands which Telegram offers them."""

import pytest

from bot.telegram.commands import ADMIN_COMMANDS, GROUP_COMMANDS, PRIVATE_COMMANDS
from bot.wording import LANGUAGE_NAMES, LANGUAGES, messages
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.running_bot import ADMIN, running_bot
from tests.bot.telegram.server import BotApiServer

_TOLD_APART = [tag for tag in LANGUAGES if len(tag) == 2]


def _descriptions(names: tuple[str, ...], tag: str) -> dict[str, str]:
    return {name: messages(tag).text(f"telegram_command_{name}") for name in names}


def test_commands_are_announced_in_each_language_that_telegram_tells_apart() -> None:
    with BotApiServer() as server:
        server.message("/start", ADMIN, user=ADMIN)  # who has not begun a chat has none to announce them in
        with running_bot(server, OneText()):
            server.wait_for(lambda: len(server.commands) == 3 * (1 + len(_TOLD_APART)), "all commands")
    scopes = {
        "all_private_chats": PRIVATE_COMMANDS,
        "all_group_chats": GROUP_COMMANDS,
        f"chat {ADMIN}": ADMIN_COMMANDS,
    }
    assert server.commands == {
        (scope, language): _descriptions(names, language or "en")
        for scope, names in scopes.items()
        for language in ("", *_TOLD_APART)
    }


@pytest.mark.parametrize(
    ("client", "tag"),
    [*((tag, tag) for tag in LANGUAGES), ("zh-hans", "zh"), ("zh-TW", "zh-Hant"), ("pt-br", "en"), ("it", "en")],
)
def test_the_first_greeting_speaks_the_language_of_the_readers_telegram(
    telegram: BotApiServer, chat: int, client: str, tag: str
) -> None:
    telegram.say("/start", chat, user=chat, language=client)
    assert telegram.wait_for_messages(chat)[0].text == messages(tag).text("telegram_start")
    telegram.say("/help", chat, user=chat, language=client)  # one chat's messages are handled in order
    telegram.wait_for_messages(chat, 2)
    # Two letters cannot tell traditional Chinese apart, so its readers get commands of their own.
    own = _descriptions(PRIVATE_COMMANDS, tag) if tag == "zh-Hant" else None
    assert telegram.commands.get((f"chat {chat}", "")) == own


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_language_is_chosen_by_button_and_kept(telegram: BotApiServer, chat: int, tag: str) -> None:
    telegram.say("/lang", chat, user=chat)
    menu = telegram.wait_for_messages(chat)[0]
    assert menu.text == messages("en").text("telegram_language_choose")
    toast = telegram.press(menu, f"l:{tag}:0:0", user=chat)
    assert toast.text == messages(tag).text("telegram_language_set", language=LANGUAGE_NAMES[tag])
    assert telegram.commands[f"chat {chat}", ""] == _descriptions(PRIVATE_COMMANDS, tag)
    telegram.say("/help", chat, user=chat)
    assert telegram.wait_for_messages(chat, 2)[1].text == messages(tag).text("telegram_help")
    own = menu.buttons[-1].data
    telegram.press(menu, own, user=chat, language="ru")
    assert (f"chat {chat}", "") not in telegram.commands
    telegram.say("/help", chat, user=chat, language="ru")
    assert telegram.wait_for_messages(chat, 3)[2].text == messages("ru").text("telegram_help")


@pytest.mark.parametrize(
    ("named", "tag"),
    [("zh_hant", "zh-Hant"), ("DE", "de"), ("Deutsch", "de"), ("한국어", "ko"), ("fr-CA", "fr"), ("zh-tw", "zh-Hant"),
     ("中文", "zh"), ("  ja  ", "ja")],
)  # fmt: skip
def test_a_language_is_chosen_by_its_tag_or_name(telegram: BotApiServer, chat: int, named: str, tag: str) -> None:
    telegram.say(f"/lang {named}", chat, user=chat)
    (message,) = telegram.wait_for_messages(chat)
    assert message.text == messages(tag).text("telegram_language_set", language=LANGUAGE_NAMES[tag])


@pytest.mark.parametrize("named", ["klingon", "enx", "<b>", "🙂", "a", "x" * 4000, "\u202ede"])
def test_nonsense_is_named_and_the_languages_are_offered(telegram: BotApiServer, chat: int, named: str) -> None:
    telegram.say(f"/lang {named}", chat, user=chat)
    (message,) = telegram.wait_for_messages(chat)
    unknown, choose = message.text.split("\n")
    assert unknown == messages("en").text("telegram_language_unknown", name=named[:40].removeprefix("\u202e"))
    assert choose == messages("en").text("telegram_language_choose")
    assert [button.text for button in message.buttons[:-1]] == [LANGUAGE_NAMES[tag] for tag in LANGUAGES]


def test_an_admin_keeps_the_commands_of_admins_in_the_language_chosen(telegram: BotApiServer) -> None:
    telegram.say("/lang zh-Hant", ADMIN, user=ADMIN)
    telegram.wait_for_messages(ADMIN)
    telegram.say("/lang", ADMIN, user=ADMIN)
    menu = telegram.wait_for_messages(ADMIN, 2)[1]
    for language in ("", *_TOLD_APART):
        assert telegram.commands[f"chat {ADMIN}", language] == _descriptions(ADMIN_COMMANDS, "zh-Hant")
    telegram.press(menu, "l::0:0", user=ADMIN)
    for language in ("", *_TOLD_APART):
        assert telegram.commands[f"chat {ADMIN}", language] == _descriptions(ADMIN_COMMANDS, language or "en")


def test_a_question_in_a_language_that_the_bot_does_not_speak_is_answered(telegram: BotApiServer, chat: int) -> None:
    telegram.say("Qual è il tasso di successo della mediazione nella contea di Yanling?", chat, language="it")
    (message,) = telegram.wait_for_messages(chat)
    assert "(Error" not in message.text
    assert message.covered("code"), "it names a source"
