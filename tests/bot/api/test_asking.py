from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from retrieval.archive import Archive
from retrieval.search.analysis import MAX_QUESTION_CHARACTERS
from retrieval.types import Turn

QUESTIONS = (
    "炎陵县调解成功率是多少？",
    "攸縣安裝了多少個視頻監控攝像頭？",
    "2023年株洲两级法院受理各类案件多少件？",
    "How many college students took part in the legal outreach?",
    "株洲市ではいくつの総合治理センターが開設されましたか？",
    "유현의 사건 종결률은 얼마입니까?",
    "Сколько споров было урегулировано в уезде Яньлин?",
    "Wie alt war die verirrte alte Frau?",
    "Combien d'affaires de fraude par téléphone ?",
    "¿Cuántas cuadrículas se crearon en Yanling?",
)


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    """What the library says, but for what differs between two runs."""
    added = ("timings_ms", "citations", "conversation_id")
    return {name: value for name, value in answer.items() if name not in added}


@pytest.mark.parametrize("question", QUESTIONS)
def test_answer_is_the_librarys_and_quotes_stand_in_the_documents(
    client: httpx.Client, seeds_archive: Archive, question: str
) -> None:
    response = client.post("/v1/ask", json={"question": question, "top": 5})
    assert response.status_code == 200
    answer = response.json()
    assert without_timings(answer) == without_timings(seeds_archive.ask(question, top=5).to_dict())
    assert answer["timings_ms"]
    quotes = answer["quotes"] + answer["near_misses"]
    assert quotes
    for quote in quotes:
        text = client.get(f"/v1/documents/{quote['document_id']}").json()["text"]
        assert "".join(text[start:end] for start, end in quote["spans"]) == quote["text"]
        for start, end in quote["highlights"]:
            assert any(low <= start < end <= high for low, high in quote["spans"])
        first, last = quote["lines"]
        assert text[: quote["spans"][0][0]].count("\n") + 1 == first <= last


def test_first_quote_holds_the_answer(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "炎陵县调解成功率是多少？"}).json()
    assert answer["status"] == "answered"
    assert "调解成功率99%" in answer["quotes"][0]["text"]
    assert 1 <= len(answer["quotes"]) <= 3


def test_top_limits_the_quotes(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": "炎陵县调解成功率是多少？", "top": 1}).json()
    assert len(answer["quotes"]) == 1


def test_history_is_passed_on(client: httpx.Client, seeds_archive: Archive) -> None:
    turn = {"question": "炎陵县调解成功率是多少？", "answer": "调解成功率99%"}
    answer = client.post("/v1/ask", json={"question": "那攸县呢？", "history": [turn]}).json()
    expected = seeds_archive.ask("那攸县呢？", history=[Turn(turn["question"], turn["answer"])])
    assert without_timings(answer) == without_timings(expected.to_dict())
    assert without_timings(answer) != without_timings(seeds_archive.ask("那攸县呢？").to_dict())


def test_what_the_archive_does_not_hold_is_not_found_with_200(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "How do I bake a pizza margherita?"})
    assert response.status_code == 200
    assert response.json()["status"] == "not_found"
    assert response.json()["quotes"] == []


@pytest.mark.parametrize("question", ["", " \n　", "？！", "问" * (MAX_QUESTION_CHARACTERS + 1)])
def test_question_that_cannot_be_asked_is_422(client: httpx.Client, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question})
    assert response.status_code == 422
    assert response.json()["type"] == "urn:wenju:problem:question-invalid"


def test_longest_question_is_taken(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "问" * MAX_QUESTION_CHARACTERS})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": 5}, "question"),
        ({"question": None}, "question"),
        ({"question": "问", "top": 0}, "top"),
        ({"question": "问", "top": 11}, "top"),
        ({"question": "问", "top": True}, "top"),
        ({"question": "问", "top": "3"}, "top"),
        ({"question": "问", "top": 1.5}, "top"),
        ({"question": "问", "topp": 3}, "topp"),
        ({"question": "问", "history": [{"question": "问"}] * 21}, "history"),
        ({"question": "问", "history": [{"answer": "答"}]}, "history.0.question"),
        ({"question": "问", "history": [{"question": "问", "role": "user"}]}, "history.0.role"),
        ([], ""),
    ],
)
def test_body_that_is_not_as_documented_names_the_field(client: httpx.Client, body: object, field: str) -> None:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == "urn:wenju:problem:request-invalid"
    assert [(fault["where"], fault["field"]) for fault in problem["errors"]] == [("body", field)]


@pytest.mark.parametrize(
    "question", ["炎陵县\x00调解", "\x1b[31m攸县\x07", "\u202e攸县\ufeff", "\ufffe\uffff", "𠮷野家👩‍👩‍👧"]
)
def test_odd_characters_are_no_failure(client: httpx.Client, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question})
    assert response.status_code in (200, 422)
    if response.status_code == 200:
        assert response.json()["question"] == question


@pytest.mark.parametrize(
    "body", [rb'{"question": "\ud800"}', rb'{"question": "x", "\udfff": 1}', b'{"question": "\xed\xa0\x80"}']
)
def test_lone_surrogate_is_422(client: httpx.Client, body: bytes) -> None:
    response = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 422
    assert response.json()["type"] == "urn:wenju:problem:request-invalid"


def test_lone_surrogate_in_the_history_is_422(client: httpx.Client) -> None:
    body = rb'{"question": "x", "history": [{"question": "x", "answer": "\udfff"}]}'
    response = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert [fault["field"] for fault in response.json()["errors"]] == ["history.0.answer"]


def test_parallel_questions_get_equal_answers(client: httpx.Client) -> None:
    def ask(number: int) -> dict[str, Any]:
        question = QUESTIONS[number % 4]
        with httpx.Client(base_url=client.base_url, timeout=60) as own:
            response = own.post("/v1/ask", json={"question": question})
        assert response.status_code == 200
        return without_timings(response.json())

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, range(32)))
    for number, answer in enumerate(answers):
        assert answer == answers[number % 4]
    assert len({answer["question"] for answer in answers}) == 4
