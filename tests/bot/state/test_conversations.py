from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.state import MAX_KEPT_TURNS, State, UnknownConversationError
from retrieval.types import Turn
from tests.bot.state.conftest import Clock


def test_turns_come_back_in_order(state: State) -> None:
    made = state.conversations.create("somebody")
    for number in range(3):
        state.conversations.append(made.id, Turn(f"问{number}？", f"答{number}\n“引文”"))
    assert state.conversations.turns(made.id) == [Turn(f"问{n}？", f"答{n}\n“引文”") for n in range(3)]
    assert state.conversations.turns(made.id, last=1) == [Turn("问2？", "答2\n“引文”")]
    assert [turn.position for turn in state.conversations.kept(made.id)] == [0, 1, 2]
    assert state.conversations.get(made.id).owner == "somebody"


def test_ids_are_long_and_differ(state: State) -> None:
    ids = {state.conversations.create().id for _ in range(20)}
    assert len(ids) == 20
    assert all(len(each) == 32 for each in ids)


def test_an_id_of_ones_own_is_one_conversation(state: State) -> None:
    first = state.conversations.create("cli", "cli:trip")
    state.conversations.append(first.id, Turn("问"))
    assert state.conversations.create("cli", "cli:trip") == first
    assert state.conversations.turns("cli:trip") == [Turn("问")]


def test_unknown_is_told(state: State) -> None:
    for call in (state.conversations.get, state.conversations.turns):
        with pytest.raises(UnknownConversationError, match="'nothing'"):
            call("nothing")
    with pytest.raises(UnknownConversationError):
        state.conversations.append("nothing", Turn("问"))
    assert not state.conversations.forget("nothing")


def test_forgotten_is_gone_with_its_turns(state: State) -> None:
    made = state.conversations.create()
    state.conversations.append(made.id, Turn("问"))
    assert state.conversations.forget(made.id)
    with pytest.raises(UnknownConversationError):
        state.conversations.turns(made.id)
    again = state.conversations.create(conversation_id=made.id)
    assert state.conversations.turns(again.id) == []


def test_idle_ones_expire_and_used_ones_stay(state: State, clock: Clock) -> None:
    idle, used = state.conversations.create().id, state.conversations.create().id
    clock.now += 100
    state.conversations.append(used, Turn("问"))
    clock.now += 50
    assert state.conversations.expire(idle_seconds=100) == 1
    assert state.conversations.turns(used) == [Turn("问")]
    with pytest.raises(UnknownConversationError):
        state.conversations.get(idle)


def test_only_the_last_turns_are_kept(state: State) -> None:
    made = state.conversations.create()
    for number in range(MAX_KEPT_TURNS + 5):
        state.conversations.append(made.id, Turn(str(number)))
    turns = state.conversations.turns(made.id, last=1000)
    assert [turn.question for turn in turns] == [str(number) for number in range(5, MAX_KEPT_TURNS + 5)]


def test_turns_at_the_same_time_all_stay(state: State) -> None:
    made = state.conversations.create()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: state.conversations.append(made.id, Turn(str(number))), range(40)))
    kept = state.conversations.kept(made.id)
    assert [turn.position for turn in kept] == list(range(40))
    assert sorted(int(turn.question) for turn in kept) == list(range(40))


def test_what_a_database_cannot_hold_is_left_out(state: State) -> None:
    made = state.conversations.create()
    state.conversations.append(made.id, Turn("炎陵\x00县", "👩‍👩‍👧 '; DROP TABLE turns; --"))
    assert state.conversations.turns(made.id) == [Turn("炎陵县", "👩‍👩‍👧 '; DROP TABLE turns; --")]
