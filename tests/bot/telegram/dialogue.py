"""A dialogue with the bot over the archive of the settings, recorded through the server and drawn as clients show it.

python -m tests.bot.telegram.dialogue docs/telegram.png
"""

import argparse
import html
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from retrieval import Archive
from tests.bot.telegram.methods import SentMessage
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer
from tests.bot.web.browsing import chromium

__all__ = ["QUESTIONS", "Exchange", "draw", "main", "record"]

QUESTIONS = ("炎陵县的调解成功率是多少？", "那攸县呢？", "谁获得了2022年世界杯冠军？", "谢谢")
_CHAT = 1
_WIDTH = 640
# Not every machine has a font with emoji.
_THUMB = (
    '<svg viewBox="0 0 24 24" width="17" height="17" fill="#fff" style="vertical-align:-3px{}"><path d="M1 10h4v11H1z'
    'M7 10l5-9c2 0 3 2 2.5 4L14 9h6c2 0 3 1.5 2.6 3.5l-1.6 6c-.3 1.5-1.5 2.5-3 2.5H7z"/></svg>'
)
_SIGNS = {"👍": _THUMB.format(""), "👎": _THUMB.format(";transform:rotate(180deg)")}
_PAGE = """<!doctype html><meta charset="utf-8"><title>Wenju</title><style>
body { margin: 0; background: #d6e4cf; font: 15px/1.45 system-ui, sans-serif; color: #111 }
header { background: #fff; padding: 12px 18px; font-weight: bold }
header small { display: block; color: #888; font-weight: normal }
main { padding: 18px 16px 24px; display: flex; flex-direction: column; gap: 8px }
.asked { align-self: end; background: #e3fdc8; border-radius: 14px; padding: 7px 12px }
.said { align-self: start; width: 540px; box-sizing: border-box; background: #fff; border-radius: 14px;
  padding: 9px 12px; white-space: pre-wrap }
.said.short { width: auto }
blockquote { margin: 2px 0; padding: 3px 9px; background: #edf3fb; border-left: 3px solid #3f76b5; border-radius: 4px }
code { font-size: 12.5px; color: #2a6b35 }
.row { display: flex; gap: 4px; width: 540px; margin-top: -4px }
.row span { flex: 1; background: #9ab592; color: #fff; border-radius: 7px; text-align: center; padding: 5px;
  font-size: 14px }
</style><header>问据 Wenju<small>bot</small></header><main>"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A reader's words and what the bot sent back."""

    asked: str
    answer: SentMessage


def record(archive: Archive, questions: Sequence[str] = QUESTIONS) -> list[Exchange]:
    """Ask one question after the other as a reader whose Telegram is Chinese."""
    exchanges = []
    with BotApiServer() as server, running_bot(server, archive):
        for number, question in enumerate(questions, 1):
            server.say(question, _CHAT, language="zh-hans")
            exchanges.append(Exchange(question, server.wait_for_messages(_CHAT, number)[-1]))
    return exchanges


def draw(exchanges: Sequence[Exchange]) -> str:
    """Write a dialogue as an HTML page; the markup of the answers is the bot's own."""
    parts = [_PAGE]
    for exchange in exchanges:
        answer = exchange.answer
        kind = "said" if answer.rows else "said short"
        # A client starts a new line after a quotation by itself.
        markup = answer.markup.replace("</blockquote>\n", "</blockquote>")
        parts.append(f'<div class="asked">{html.escape(exchange.asked)}</div><div class="{kind}">{markup}</div>')
        for row in answer.rows:
            labels = (_SIGNS.get(button.text, html.escape(button.text)) for button in row)
            parts.append('<div class="row">' + "".join(f"<span>{label}</span>" for label in labels) + "</div>")
    return "".join([*parts, "</main>"])


def main(arguments: Sequence[str] | None = None) -> None:
    """Record the dialogue and write its picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path, help="the PNG to write")
    chosen = parser.parse_args(arguments)
    settings = Settings.load()
    with Archive.open(settings.archive, cache=settings.cache) as archive:
        page = draw(record(archive))
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        path = Path(folder) / "dialogue.html"
        path.write_text(page, "utf-8")
        browser.driver.get(path.as_uri())
        browser.set(width=_WIDTH, height=400)
        browser.set(width=_WIDTH, height=int(browser.js("return document.documentElement.scrollHeight")))
        browser.driver.save_screenshot(str(chosen.picture))


if __name__ == "__main__":
    main()
