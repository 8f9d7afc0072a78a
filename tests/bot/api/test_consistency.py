"""Uploads, deletions and questions at the same time: every answer is of one state of the archive."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from tests.bot.api.sending import finished, upload
from tests.bot.api.serving import serving

VILLAGE = tuple(f"石岭村去年一共种了{number}棵银杏树，{number}棵都活了。\n" for number in ("三百二十一", "六百五十四"))
OTHER = "株洲市桥头镇2024年共修建了四十七座石桥。\n"
ROUNDS = 4


@pytest.fixture
def own(tmp_path: Path, encoder_cache: Path) -> Iterator[httpx.Client]:
    with serving(create_app(tmp_path / "archive", cache=encoder_cache)) as client:
        for name, text in (("village.txt", VILLAGE[0]), ("bridge.txt", OTHER)):
            assert finished(client, upload(client, name, text.encode()))["status"] == "done"
        yield client


def ask(client: httpx.Client) -> None:
    """Ask about the document that changes: the quote is of one of its texts, letter for letter and at its spans."""
    answer = client.post("/v1/ask", json={"question": "石岭村种了多少棵银杏树？"}).raise_for_status().json()
    quotes = [quote for quote in answer["quotes"] if "银杏" in quote["text"]]
    assert quotes, answer
    for quote in quotes:
        assert len(quote["text"]) > 10
        assert quote["text"] in ["".join(text[start:end] for start, end in quote["spans"]) for text in VILLAGE]


def search(client: httpx.Client) -> None:
    """Search for it: it is found once."""
    hits = client.get("/v1/search", params={"q": "石岭村 银杏"}).raise_for_status().json()["hits"]
    found = [hit["text"] for hit in hits if "银杏" in hit["text"]]
    assert len(found) == 1
    assert any(found[0] in text for text in VILLAGE)


def count(client: httpx.Client) -> None:
    """List the documents: it is there, whichever text it has, and at most the guest is there besides."""
    listed = client.get("/v1/documents").raise_for_status().json()
    assert [info["source"] for info in listed["documents"] if "guest" not in info["source"]] == [
        "uploads/bridge.txt",
        "uploads/village.txt",
    ]
    assert listed["total"] in (2, 3)


def change(client: httpx.Client) -> None:
    for turn in range(ROUNDS):
        job = finished(client, upload(client, "village.txt", VILLAGE[(turn + 1) % 2].encode()))
        assert job["status"] == "done"


def come_and_go(client: httpx.Client) -> None:
    for turn in range(ROUNDS):
        job = finished(client, upload(client, "guest.txt", f"桃江村第{turn}座水库去年完工。\n".encode()))
        assert client.delete(f"/v1/documents/{job['document_id']}").status_code == 204


def test_questions_are_answered_from_one_state_while_files_come_and_go(own: httpx.Client) -> None:
    stop = threading.Event()

    def once(work: Callable[[httpx.Client], None]) -> None:
        with httpx.Client(base_url=own.base_url, timeout=60) as client:
            work(client)

    def again_and_again(work: Callable[[httpx.Client], None]) -> int:
        done = 0
        while not stop.is_set():
            once(work)
            done += 1
        return done

    with ThreadPoolExecutor(7) as pool:
        reading = [pool.submit(again_and_again, each) for each in (ask, ask, ask, search, count)]
        writing = [pool.submit(once, each) for each in (change, come_and_go)]
        try:
            for work in writing:
                work.result()
        finally:
            stop.set()
        assert all(work.result() > 0 for work in reading)
    assert own.get("/v1/documents").json()["total"] == 2
