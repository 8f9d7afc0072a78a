"""Summaries by a language model: what clients get of them, and what they cost the others."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from bot.api.app import create_app
from bot.api.options import ApiOptions
from bot.api.server import make_app
from bot.settings import SecretStr, Settings
from tests.bot.api.models import SENTENCE, PatientModel
from tests.bot.api.serving import serving
from tests.bot.summary.server import running_model

QUESTION = {"question": "炎陵县的调解成功率是多少？"}


def test_a_summary_stands_beside_the_quotes_where_a_server_writes_one(
    seeds_archive_path: Path, encoder_cache: Path, tmp_path: Path
) -> None:
    with running_model() as model:
        model.text = "炎陵县的调解成功率是99%。[1]\n成功率是87%。[1]"
        settings = Settings(
            archive=seeds_archive_path,
            cache=encoder_cache,
            state_url=SecretStr(f"sqlite:///{tmp_path / 'state.sqlite3'}"),
            llm_url=model.url,
            llm_timeout=2,
        )
        with serving(make_app(settings)) as client:
            answer = client.post("/v1/ask", json=QUESTION).json()
            assert answer["summary"] == {
                "sentences": [{"text": "炎陵县的调解成功率是99%。", "quotes": [1]}],
                "dropped": 1,
            }
            model.manner = "failing"
            again = client.post("/v1/ask", json=QUESTION).json()
    assert again["summary"] is None
    assert again["quotes"] == answer["quotes"]


@pytest.fixture
def model() -> PatientModel:
    return PatientModel()


@pytest.fixture
def summing(seeds_archive_path: Path, encoder_cache: Path, model: PatientModel) -> Iterator[httpx.Client]:
    options = ApiOptions(summarise=model.summarise)
    with serving(create_app(seeds_archive_path, cache=encoder_cache, options=options)) as client:
        yield client
        model.free.set()


def test_quotes_are_sent_while_the_summary_is_being_written(summing: httpx.Client, model: PatientModel) -> None:
    names, last = [], ""
    with summing.stream("POST", "/v1/ask", json={**QUESTION, "stream": True}) as response:
        for line in response.iter_lines():
            if line.startswith("event: "):
                names.append(line.removeprefix("event: "))
                if names[-1] == "summarising":
                    assert "quote" in names
                    model.free.set()
            if line.startswith("data: "):
                last = line.removeprefix("data: ")
    assert names[0] == "understood"
    assert names[-3:] == ["summarising", "summary", "answer"]
    assert json.loads(last)["summary"]["sentences"] == [{"text": SENTENCE, "quotes": [1]}]


def test_chat_programs_get_the_quotes_first_and_the_summary_as_text(summing: httpx.Client, model: PatientModel) -> None:
    body = {"model": "wenju", "messages": [{"role": "user", "content": QUESTION["question"]}]}
    pieces: list[str] = []
    with summing.stream("POST", "/v1/chat/completions", json={**body, "stream": True}) as response:
        for line in response.iter_lines():
            if line.startswith("data: {"):
                choice = json.loads(line.removeprefix("data: "))["choices"][0]
                pieces.append(choice["delta"].get("content", ""))
                if "99%" in pieces[-1]:
                    model.free.set()
    whole = summing.post("/v1/chat/completions", json=body).json()["choices"][0]["message"]["content"]
    assert "".join(pieces) == whole
    assert "成功率是\\<b\\>99%\\</b\\>。 [\\[1\\]](http://" in whole
    assert whole.index("> ") < whole.index("概要")


def test_a_slow_model_takes_no_thread_from_the_questions(summing: httpx.Client, model: PatientModel) -> None:
    """Sixteen wait for their summaries; searches go on, and who comes then gets the quotes alone."""

    def ask(_number: int) -> bool:
        with httpx.Client(base_url=summing.base_url, timeout=60) as client:
            return client.post("/v1/ask", json=QUESTION).raise_for_status().json()["summary"] is not None

    with ThreadPoolExecutor(16) as pool:
        waiting = pool.map(ask, range(16))
        until = time.monotonic() + 30
        while model.asked < 8:
            assert time.monotonic() < until
            time.sleep(0.01)
        assert summing.get("/v1/search", params={"q": "调解"}).status_code == 200
        model.free.set()
        assert list(waiting) == [True] * 16


def test_a_summary_that_takes_too_long_costs_nobody_the_quotes(
    seeds_archive_path: Path, encoder_cache: Path, model: PatientModel
) -> None:
    options = ApiOptions(summarise=model.summarise, question_seconds=3)
    with serving(create_app(seeds_archive_path, cache=encoder_cache, options=options)) as client:
        answer = client.post("/v1/ask", json=QUESTION)
        model.free.set()
    assert answer.status_code == 200
    assert answer.json()["quotes"]
    assert answer.json()["summary"] is None


def test_what_needs_no_summary_waits_for_none(summing: httpx.Client, model: PatientModel) -> None:
    for question in ("How do I bake a pizza?", "谢谢"):
        assert summing.post("/v1/ask", json={"question": question}).json()["summary"] is None
    assert model.asked == 0
