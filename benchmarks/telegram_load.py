"""Many readers ask the Telegram bot at once, through floods and, if told so, its violent end; then all is counted.

The bot is the real command in a process of its own, the archive is the one of the settings, Telegram is the strict
server of the tests.

    python -m benchmarks.telegram_load --readers 200 --questions 5 --kill
"""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from bot.settings import Settings
from tests.bot.telegram.call import Call
from tests.bot.telegram.methods import ApiError, too_many_requests
from tests.bot.telegram.processes import bot_process
from tests.bot.telegram.server import BotApiServer

__all__ = ["main"]

_QUESTIONS = (
    "炎陵县调解成功率是多少？",
    "那攸县呢？",
    "What did the courts of Zhuzhou do for mediation?",
    "攸县的法治宣传有哪些？",
    "比特币今天的价格是多少美元？",
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the load and print what was counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--questions", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60.0, help="in which the questions come")
    parser.add_argument("--flood-each", type=int, default=100, help="every so many-th message is refused with a 429")
    parser.add_argument("--patience", type=float, default=1800.0, help="seconds after which the rest counts as lost")
    parser.add_argument(
        "--kill", action="store_true", help="kill -9 the bot at a third of the answers and start it anew"
    )
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, BotApiServer() as server:
        _run(server, Path(folder) / "state", chosen)


def _run(server: BotApiServer, state: Path, chosen: argparse.Namespace) -> None:
    wanted, archive = chosen.readers * chosen.questions, Settings.load().archive
    sends = count(1)

    def judge(call: Call) -> ApiError | None:
        refused = call.method == "sendMessage" and next(sends) % chosen.flood_each == 0
        return too_many_requests(1) if refused else None

    server.flood(judge)
    asked: dict[int, list[int]] = {reader: [] for reader in range(1, chosen.readers + 1)}
    began = 0.0

    def ask() -> None:
        for number in range(wanted):
            time.sleep(max(0.0, began + chosen.seconds * number / wanted - time.monotonic()))
            reader = 1 + number % chosen.readers
            text = _QUESTIONS[number // chosen.readers % len(_QUESTIONS)]
            asked[reader].append(server.say(text, reader, user=reader))

    with bot_process(server, archive, state) as process:
        server.wait_for_calls("getUpdates", seconds=120)
        began = time.monotonic()
        asking = threading.Thread(target=ask)
        asking.start()
        if chosen.kill:
            _wait(server, wanted // 3, process.pid, chosen.patience)
            process.kill()
            process.wait()
            _say(f"killed after {len(server.sent)} answers, {time.monotonic() - began:.1f} s")
        else:
            _wait(server, wanted, process.pid, chosen.patience)
    if chosen.kill:
        with bot_process(server, archive, state) as process:
            _wait(server, wanted, process.pid, chosen.patience)
    asking.join()
    _say(f"{wanted} questions of {chosen.readers} readers answered in {time.monotonic() - began:.1f} s")
    _count(server, asked)


def _wait(server: BotApiServer, wanted: int, pid: int, patience: float) -> None:
    """Wait for so many questions to be answered, telling the process's memory now and then."""
    began, told = time.monotonic(), 0.0
    while len({message.reply_to for message in list(server.sent)} - {None}) < wanted:
        time.sleep(0.5)
        if time.monotonic() - told > 10:
            told = time.monotonic()
            _say(f"  {told - began:5.1f} s: {len(server.sent)} messages, {_megabytes(pid):.0f} MB")
        if time.monotonic() - began > patience:
            break
    time.sleep(1)
    _say(f"  at the end: {_megabytes(pid):.0f} MB")


def _count(server: BotApiServer, asked: dict[int, list[int]]) -> None:
    replies = Counter(message.reply_to for message in server.sent if message.reply_to is not None)
    numbers = [number for each in asked.values() for number in each]
    in_order = 0
    for reader, expected in asked.items():
        came = dict.fromkeys(
            message.reply_to for message in server.sent if message.chat_id == reader and message.reply_to
        )
        in_order += list(came) == expected
    lost = [number for number in numbers if not replies[number]]
    twice = [number for number in numbers if replies[number] > 1]
    refused = len([call for call in server.calls if call.method == "sendMessage"]) - len(server.sent)
    _say(f"lost {len(lost)}, answered twice {len(twice)}, readers answered in order {in_order} of {len(asked)}")
    _say(f"refused with 429: {refused}; errors told: {sum('(Error ' in message.text for message in server.sent)}")


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
