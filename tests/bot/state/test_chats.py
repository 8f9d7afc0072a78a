import json

from sqlalchemy import update

from bot.state import State
from bot.state.chats import Chats, GivenAnswer, ShownQuote, digest_of, telegram_answers
from retrieval.types import Span
from tests.bot.state.conftest import Clock

_SHOWN = ShownQuote("d1", (Span(3, 9), Span(12, 20)), digest_of("917件"))
_GIVEN = GivenAnswer(
    chat=7, reader=8, message=9, asked="多少件？", question="调解了多少件？", quotes=(_SHOWN,), before=2
)


def test_an_answer_is_known_by_its_id_and_its_message(state: State, clock: Clock) -> None:
    chats = Chats(state.database, clock)
    answer_id = chats.keep(_GIVEN)
    assert chats.answer(answer_id) == _GIVEN
    assert chats.answer_to(7, 9) == _GIVEN
    assert chats.answer("another") is None


def test_an_answer_of_before_there_were_digests_is_read_without_one(state: State, clock: Clock) -> None:
    chats = Chats(state.database, clock)
    answer_id = chats.keep(_GIVEN)
    with state.database.writing() as connection:
        connection.execute(update(telegram_answers).values(quotes=json.dumps([["d1", [[3, 9]]]])))
    given = chats.answer(answer_id)
    assert given is not None
    assert given.quotes == (ShownQuote("d1", (Span(3, 9),), ""),)
