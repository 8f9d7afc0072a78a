import re
from pathlib import Path

from retrieval import Archive
from tests.bot.telegram.dialogue import Exchange, draw, record
from tests.bot.telegram.methods import SentMessage

_README = Path(__file__).parents[3] / "README.md"
_ASKED, _SAID = "读者  ", "问据  "


def _dense(text: str) -> str:
    """Leave out what lays a text out: white space, the quotation's bar, the marks of bold, dots between parts."""
    return re.sub(r"[\s▏·]|\*\*", "", text)


def _dialogue_of_the_readme() -> list[tuple[str, str]]:
    block = re.search(f"```text\n({_ASKED}.*?)```", _README.read_text("utf-8"), re.DOTALL)
    assert block, "the README has a dialogue"
    turns = []
    for turn in block[1].split(_ASKED)[1:]:
        asked, _, said = turn.partition(_SAID)
        turns.append((asked.strip(), said))
    return turns


def _first_quote(answer: SentMessage) -> str:
    """Give an answer as far as the end of its first quotation's source."""
    quotes = [entity.text for entity in answer.entities if entity.kind.endswith("blockquote")]
    return answer.text[: answer.text.index(quotes[1])] if len(quotes) > 1 else answer.text


def test_the_dialogue_of_the_readme_is_what_the_bot_says(seeds_archive: Archive) -> None:
    turns = _dialogue_of_the_readme()
    assert len(turns) >= 3
    for (asked, said), exchange in zip(turns, record(seeds_archive, [asked for asked, _ in turns]), strict=True):
        assert exchange.asked == asked
        assert _dense(said) == _dense(_first_quote(exchange.answer))
        assert re.findall(r"\*\*(.+?)\*\*", said) == exchange.answer.covered("bold")[: said.count("**") // 2]


def test_the_picture_shows_each_message_and_button(seeds_archive: Archive) -> None:
    (exchange,) = record(seeds_archive, ["炎陵县的调解成功率是多少？"])
    page = draw([exchange, Exchange("<b>", exchange.answer)])
    assert page.count("炎陵县的调解成功率是多少？") == page.count('<div class="asked">&lt;b&gt;</div>') == 1
    labels = re.findall("<span>(.*?)</span>", page)
    assert [label for label in labels if "<svg" not in label] == [
        button.text for button in exchange.answer.buttons * 2 if button.text not in "👍👎"
    ]
    assert len(labels) == 2 * len(exchange.answer.buttons)
    assert page.count("<blockquote>") == 2 * len(exchange.answer.covered("blockquote"))
