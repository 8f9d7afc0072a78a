from bot.telegram.limits import Limits, Verdict
from bot.wording import messages
from tests.bot.telegram.one_text import OneText
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer


def test_a_reader_is_told_once_and_may_ask_again_in_a_minute() -> None:
    now = [0.0]
    limits = Limits(2, lambda: now[0])
    assert [limits.judge(1) for _ in range(4)] == [Verdict.ALLOWED, Verdict.ALLOWED, Verdict.TELL, Verdict.SILENT]
    assert limits.judge(2) is Verdict.ALLOWED
    now[0] = 30.0
    assert limits.seconds_left(1) == 31
    now[0] = 60.0
    assert limits.seconds_left(3) == 0
    assert [limits.judge(1) for _ in range(3)] == [Verdict.ALLOWED, Verdict.ALLOWED, Verdict.TELL]


def test_too_many_questions_get_one_friendly_sentence() -> None:
    library = OneText()
    with BotApiServer() as server, running_bot(server, library, per_minute=2):
        for number in range(6):
            server.say(f"{number}？")
        server.say("/help")  # which is free
        sent = server.wait_for_messages(1, 4)
    assert library.questions == ["0？", "1？"]
    beginning = messages("en").text("telegram_slow_down", seconds=0).partition("0")[0]
    assert [message.text.startswith(beginning) for message in sent] == [False, False, True, False]
