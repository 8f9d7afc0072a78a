"""A quote's own page: of a PDF or picture as a picture with the quote marked, over HTTP and with the real archive."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.telegram.pages import article_runs, mark_page
from bot.telegram.text import to_plain
from bot.wording import messages
from retrieval import Archive
from retrieval.types import Document, Outline, Span
from tests.bot.telegram.methods import ApiError, SentMessage, bad_request
from tests.bot.telegram.queries import Toast
from tests.bot.telegram.running_bot import ADMIN
from tests.bot.telegram.server import BotApiServer

_PAGES = Path(__file__).parents[2] / "retrieval" / "reading" / "pages"
_FRAME = (204, 51, 0)
_VEIL = (255, 243, 183)  # over white
_WORDS = messages("en")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("pages") / "archive"
    with Archive.open(path, create=True, cache=encoder_cache) as opened:
        assert opened.add("council.pdf", (_PAGES / "council.pdf").read_bytes()).added
        yield opened


def _answer(server: BotApiServer, question: str, chat: int, user: int = 77) -> SentMessage:
    asked = server.say(question, chat, user=user)
    server.wait_for(lambda: server.in_chat(chat) and server.in_chat(chat)[-1].reply_to == asked, "the answer")
    return server.in_chat(chat)[-1]


def _press_page(server: BotApiServer, answer: SentMessage) -> Toast:
    data = next(button.data for button in answer.buttons if _WORDS.text("telegram_button_page") in button.text)
    return server.press(answer, data)


def _opened(photo: bytes) -> Image.Image:
    with Image.open(BytesIO(photo)) as opened:
        return opened.convert("RGB")


def _near(one: object, other: tuple[int, int, int]) -> bool:
    """Compare two colours as far as JPEG keeps them."""
    return isinstance(one, tuple) and max(abs(a - b) for a, b in zip(one, other, strict=True)) < 60


def test_the_page_of_a_pdf_comes_as_a_picture_with_the_quote_marked(archive: Archive, server: BotApiServer) -> None:
    answer = _answer(server, archive.search("council", 1)[0].passage.text[:200], 1)
    assert _press_page(server, answer).text == ""
    picture = server.wait_for_messages(1, 2)[1]
    assert "council.pdf:" in picture.covered("code")[0]
    assert picture.reply_to == answer.message_id
    opened = _opened(picture.photo)
    assert opened.width == 1200
    assert any(_near(colour, _FRAME) for _, colour in opened.getcolors(1 << 24) or [])


def test_a_photographed_page_sent_by_an_admin_is_read_asked_about_and_shown_with_the_quote_marked(
    archive: Archive, server: BotApiServer
) -> None:
    server.files.put("scan", (_PAGES / "newspaper.png").read_bytes())
    document = {"file_id": "scan", "file_unique_id": "scan", "file_name": "报纸.png", "mime_type": "image/png"}
    server.say("", ADMIN, user=ADMIN, more={"document": document})
    added = _WORDS.text("telegram_upload_added", name="报纸.png")
    server.wait_for(lambda: any(each.text == added for each in server.in_chat(ADMIN)), added, 120)

    answer = _answer(server, "去年炎陵县受理了多少件矛盾纠纷？", ADMIN, ADMIN)
    (quote,) = archive.ask("去年炎陵县受理了多少件矛盾纠纷？", (), 1).quotes
    assert "1234" in quote.text
    assert answer.text.startswith(quote.text)
    assert _press_page(server, answer).text == ""
    picture = server.in_chat(ADMIN)[-1]
    assert "uploads/报纸.png:" in picture.covered("code")[0]
    opened = _opened(picture.photo)
    assert opened.size == (820, 768)  # as large as it was photographed
    boxes = [place.box for place in archive.places(quote.document_id, quote.spans)]
    assert boxes
    for box in boxes:
        assert _near(opened.getpixel((round(box.left) - 5, round(box.top) + 5)), _FRAME)
        assert _near(opened.getpixel((round(box.left) + 1, round(box.top) + 1)), _VEIL)
    assert _near(opened.getpixel((600, 600)), (253, 253, 253)), "nothing is marked where the quote is not"


def test_a_photo_of_an_admin_is_read_like_a_file(archive: Archive, server: BotApiServer) -> None:
    server.files.put("large", (_PAGES / "gazette.png").read_bytes())
    sizes = [
        {"file_id": name, "file_unique_id": f"AQAD{name}", "width": width, "height": width}
        for name, width in (("small", 90), ("large", 871))
    ]
    server.say("", ADMIN, user=ADMIN, more={"photo": sizes})
    added = _WORDS.text("telegram_upload_added", name="photo-AQADlarge.jpg")
    server.wait_for(lambda: any(each.text == added for each in server.in_chat(ADMIN)), added, 120)
    assert "school of baking" in archive.search("mill baking", 1)[0].passage.text


def test_a_picture_that_telegram_refuses_is_replaced_by_the_text(archive: Archive, server: BotApiServer) -> None:
    answer = _answer(server, archive.search("council", 1)[0].passage.text[:200], 2)
    server.fail_next("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"))
    assert _press_page(server, answer).text == ""
    page = server.wait_for_messages(2, 2)[1]
    assert page.photo == b""
    assert page.covered("bold")


def test_a_picture_waits_for_the_end_of_a_flood_and_of_an_outage(archive: Archive, server: BotApiServer) -> None:
    answer = _answer(server, archive.search("council", 1)[0].passage.text[:200], 3)
    server.fail_next("sendPhoto", ApiError(502, "Bad Gateway"), ApiError(500, "Internal Server Error"))
    assert _press_page(server, answer).text == ""
    assert [bool(message.photo) for message in server.in_chat(3)] == [False, True]


def test_buttons_below_a_quote_that_its_document_has_lost_do_not_show_something_else(
    archive: Archive, server: BotApiServer
) -> None:
    archive.add("开放.txt", "蓝鲸图书馆周一到周五开放，每天八小时。\n".encode())
    answer = _answer(server, "蓝鲸图书馆哪几天开放？", 4)
    assert "周一到周五" in answer.text
    archive.add("开放.txt", "白鲨图书馆关门了，何时再开另行通知，敬请留意。\n".encode())
    texts = [server.press(answer, button.data).text for button in answer.rows[0]]
    assert texts == [_WORDS.text("telegram_button_old")] * 2
    archive.remove(next(each.id for each in archive.documents() if "开放" in each.source))
    texts = [server.press(answer, button.data).text for button in answer.rows[0]]
    assert texts == [_WORDS.text("telegram_document_gone")] * 2
    assert server.in_chat(4) == [answer]


def test_boxes_are_marked_and_framed_at_the_pictures_scale() -> None:
    out = BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, "PNG")
    marked = _opened(mark_page(out.getvalue(), 100.0, [(10, 10, 20, 20)]))
    assert marked.size == (200, 100)
    assert _near(marked.getpixel((15, 30)), _FRAME)
    assert _near(marked.getpixel((30, 30)), _VEIL)
    assert _near(marked.getpixel((100, 50)), (255, 255, 255))


def test_of_a_very_long_article_the_part_around_the_quote_is_shown() -> None:
    text = "".join(f"{number:05d}" for number in range(8000))
    document = Document("d", "a.txt", text, "utf-8", "")
    outline = Outline("d", "", "", "", "", "", (), ())
    runs = article_runs(document, outline, (Span(20_000, 20_050),))
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
        (Span(start, end),),
    )
    assert len(to_plain(runs)) == 9_001
    assert to_plain(runs).count("…") == 1
