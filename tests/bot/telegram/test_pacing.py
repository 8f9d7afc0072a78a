import asyncio
import time
from collections.abc import Sequence

from bot.telegram.pacing import Pacing


def _times(requests: Sequence[tuple[str, int]]) -> list[float]:
    """Make requests at once, each a method and a chat; gives when each went out, in seconds from the beginning."""

    async def play() -> list[float]:
        pacing, went, began = Pacing(), [0.0] * len(requests), time.monotonic()

        async def request(number: int) -> bool:
            went[number] = time.monotonic() - began
            return True

        async def make(number: int, method: str, chat: int) -> None:
            await pacing.process_request(request, (number,), {}, method, {"chat_id": chat}, None)

        await asyncio.gather(*(make(number, *each) for number, each in enumerate(requests)))
        return went

    return asyncio.run(play())


def test_after_a_short_burst_a_chat_gets_one_message_a_second_and_others_do_not_wait() -> None:
    went = _times([*(("sendMessage", 1) for _ in range(6)), ("editMessageText", 1), ("sendMessage", 2)])
    # A busy machine may be late, and never early.
    assert max(*went[:5], went[7]) < 0.9 < went[5] < went[6]
    assert went[6] > 1.9


def test_no_more_than_thirty_go_out_in_a_second() -> None:
    went = sorted(_times([("sendMessage", chat) for chat in range(45)]))
    assert went[29] < went[30]
    assert went[44] > 0.3


def test_typing_signs_take_no_message_of_a_group_away() -> None:
    went = _times([("sendChatAction", -1)] * 25 + [("sendMessage", -1)] * 5)
    assert max(went) < 5  # of the 20 in a minute, those above would wait for one
