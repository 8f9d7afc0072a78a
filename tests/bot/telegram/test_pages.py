"""A quote's own page: of a PDF as a picture with the quote marked, over HTTP and with the real archive."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.state.chats import ShownQuote
from bot.telegram.pages import article_runs, mark_page
from bot.telegram.text import to_plain
from bot.wording import messages
from retrieval import Archive
from retrieval.types import Document, Outline, Span
from tests.bot.telegram.running_bot import running_bot
from tests.bot.telegram.server import BotApiServer

_PDF = Path(__file__).parents[2] / "retrieval" / "reading" / "pages" / "council.pdf"
_FRAME = (204, 51, 0)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("pages") / "archive"
    with Archive.open(path, create=True, cache=encoder_cache) as opened:
        assert opened.add("council.pdf", _PDF.read_bytes()).added
        yield opened


def test_the_page_of_a_pdf_comes_as_a_picture_with_the_quote_marked(archive: Archive) -> None:
    words = archive.search("council", 1)[0].passage.text
    with BotApiServer() as server, running_bot(server, archive):
        server.say(words[:200])
        answer = server.wait_for_messages(1)[0]
        data = next(
            button.data for button in answer.buttons if messages("en").text("telegram_button_page") in button.text
        )
        assert server.press(answer, data).text == ""
        picture = server.wait_for_messages(1, 2)[1]
    assert "council.pdf:" in picture.covered("code")[0]
    assert picture.reply_to == answer.message_id
    with Image.open(BytesIO(picture.photo)) as opened:
        colours = opened.convert("RGB").getcolors(1 << 24) or []
    assert opened.width == 1200
    assert _FRAME in {colour for _, colour in colours}


def test_a_frame_stands_around_each_box_at_the_pictures_scale() -> None:
    out = BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, "PNG")
    with Image.open(BytesIO(mark_page(out.getvalue(), 100.0, [(10, 10, 20, 20)]))) as opened:
        marked = opened.convert("RGB")
        assert marked.size == (200, 100)
        assert marked.getpixel((16, 30)) == _FRAME
        assert marked.getpixel((30, 30)) not in (_FRAME, (255, 255, 255))
        assert marked.getpixel((100, 50)) == (255, 255, 255)


def test_of_a_very_long_article_the_part_around_the_quote_is_shown() -> None:
    text = "".join(f"{number:05d}" for number in range(8000))
    document = Document("d", "a.txt", text, "utf-8", "")
    outline = Outline("d", "", "", "", "", "", (), ())
    runs = article_runs(document, outline, ShownQuote("d", (Span(20_000, 20_050),)))
    shown = to_plain(runs)
    assert [run.text for run in runs if run.bold] == [text[20_000:20_050]]
    assert 8_900 < len(shown) <= 9_002
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown.strip("…") in text


@pytest.mark.parametrize(("start", "end"), [(0, 50), (39_950, 40_000)])
def test_at_an_end_of_the_article_all_room_goes_to_the_other_side(start: int, end: int) -> None:
    text = "".join(f"{number:05d}" for number in range(8000))
    runs = article_runs(
        Document("d", "a.txt", text, "utf-8", ""),
        Outline("d", "", "", "", "", "", (), ()),
        ShownQuote("d", (Span(start, end),)),
    )
    assert len(to_plain(runs)) == 9_001
    assert to_plain(runs).count("…") == 1
