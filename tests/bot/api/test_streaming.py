"""Answers as events, kept conversations and filters of POST /v1/ask, and what the server remembers."""

import json
from typing import Any

import httpx
import openai
import pytest

from bot.api.events import HEARTBEAT
from retrieval.archive import Archive
from retrieval.types import Filters, Turn

FIRST = "炎陵县调解成功率是多少？"
FOLLOW_UP = "那攸县呢？"


def events(response: httpx.Response) -> list[tuple[str, Any]]:
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    found = []
    for block in response.text.split("\n\n"):
        if block and not block.startswith(":"):
            name, data = block.split("\n")
            found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def bare(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


@pytest.mark.parametrize("by_header", [True, False])
def test_events_are_the_answer_in_parts_and_last_whole(client: httpx.Client, by_header: bool) -> None:
    body = {"question": FIRST, "top": 2}
    whole = client.post("/v1/ask", json=body).json()
    accept = {"Accept": "application/json;q=0.5, text/event-stream"} if by_header else {}
    response = client.post("/v1/ask", json=body if by_header else {**body, "stream": True}, headers=accept)
    told = events(response)
    assert [name for name, _ in told] == ["understood", *["quote"] * len(whole["quotes"]), "answer"]
    assert told[0][1]["question"] == FIRST
    assert [quote for _, quote in told[1:-1]] == [{"number": n, **q} for n, q in enumerate(whole["quotes"], 1)]
    assert bare(told[-1][1]) == bare(whole)
    assert told[-1][1]["citations"][0]["number"] == 1


def test_near_misses_are_events_too(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "How do I bake a pizza?", "stream": True})
    told = events(response)
    assert {name for name, _ in told} <= {"understood", "near_miss", "answer"}
    assert told[-1][1]["status"] == "not_found"


def test_a_failure_of_a_stream_has_its_status(client: httpx.Client) -> None:
    response = client.post("/v1/ask", json={"question": "？", "stream": True})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


class TestSlowAnswers:
    """Nothing is prompt any more: each stream begins before its answer is there."""

    @pytest.fixture(autouse=True)
    def _slow(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.api.events._PROMPT_SECONDS", 0.0)
        monkeypatch.setattr("bot.api.events._HEARTBEAT_SECONDS", 0.001)

    def test_comments_bridge_the_waiting(self, client: httpx.Client) -> None:
        response = client.post("/v1/ask", json={"question": FIRST, "stream": True})
        assert response.text.startswith(HEARTBEAT)
        assert response.text.count(HEARTBEAT) > 1
        assert next(name for name, _ in events(response)) == "understood"
        assert events(response)[-1][1]["quotes"]

    def test_a_failure_is_the_last_event(self, client: httpx.Client) -> None:
        response = client.post("/v1/ask", json={"question": "？", "stream": True}, headers={"X-Request-ID": "r1"})
        ((name, problem),) = events(response)
        assert (response.status_code, name) == (200, "problem")
        assert (problem["type"], problem["request_id"]) == ("urn:wenju:problem:question-invalid", "r1")

    def test_openais_clients_raise_it(self, client: httpx.Client) -> None:
        with openai.OpenAI(base_url=f"{client.base_url}/v1", api_key="none", max_retries=0) as official:
            stream = official.chat.completions.create(
                model="wenju", messages=[{"role": "user", "content": "？"}], stream=True
            )
            with pytest.raises(openai.APIError, match="question"):
                list(stream)


def test_citations_open_the_page_at_the_words(client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": FIRST}).json()
    for number, (quote, citation) in enumerate(zip(answer["quotes"], answer["citations"], strict=True), start=1):
        places = ",".join(f"{start}-{end}" for start, end in quote["spans"])
        assert citation["url"] == f"/source/{quote['document_id']}#c{places}"
        assert (citation["number"], citation["text"], citation["source"]) == (number, quote["text"], quote["source"])


def test_a_kept_conversation_is_the_history(client: httpx.Client, seeds_archive: Archive) -> None:
    made = client.post("/v1/conversations")
    assert made.status_code == 201
    conversation_id = made.json()["id"]
    assert made.json()["turns"] == []
    first = client.post("/v1/ask", json={"question": FIRST, "conversation_id": conversation_id}).json()
    assert first["conversation_id"] == conversation_id
    second = client.post("/v1/ask", json={"question": FOLLOW_UP, "conversation_id": conversation_id}).json()
    history = [Turn(FIRST, first["quotes"][0]["text"])]
    expected = seeds_archive.ask(FOLLOW_UP, history).to_dict()
    assert second["understood_as"] == expected["understood_as"] != ""
    assert second["quotes"] == json.loads(json.dumps(expected["quotes"]))
    kept = client.get(f"/v1/conversations/{conversation_id}").json()
    assert [turn["question"] for turn in kept["turns"]] == [FIRST, FOLLOW_UP]
    assert kept["turns"][0]["answer"] == first["quotes"][0]["text"]
    assert kept["expires"] > kept["created"]
    assert client.delete(f"/v1/conversations/{conversation_id}").status_code == 204
    for response in (
        client.get(f"/v1/conversations/{conversation_id}"),
        client.delete(f"/v1/conversations/{conversation_id}"),
        client.post("/v1/ask", json={"question": FOLLOW_UP, "conversation_id": conversation_id}),
    ):
        assert response.status_code == 404
        assert response.json()["type"] == "urn:wenju:problem:conversation-unknown"


def test_a_greeting_does_not_join_the_conversation(client: httpx.Client) -> None:
    conversation_id = client.post("/v1/conversations").json()["id"]
    answer = client.post("/v1/ask", json={"question": "你好", "conversation_id": conversation_id}).json()
    assert answer["reply"] == "greeting"
    assert client.get(f"/v1/conversations/{conversation_id}").json()["turns"] == []


def test_two_pasts_are_refused(client: httpx.Client) -> None:
    body = {"question": FOLLOW_UP, "conversation_id": "x", "history": [{"question": FIRST}]}
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    assert "conversation_id" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("conversation_id", ["cli:trip", "../x", "\u202e", "' OR 1=1 --", "x" * 200])
def test_an_unknown_conversation_is_404(client: httpx.Client, conversation_id: str) -> None:
    response = client.post("/v1/ask", json={"question": FIRST, "conversation_id": conversation_id})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("filters", "given"),
    [
        ({"places": ["攸县"]}, Filters(places=("攸县",))),
        ({"sources": ["003_"]}, Filters(sources=("003_",))),
        ({"since": "2022", "until": "2023"}, Filters(since="2022", until="2023")),
        ({"kinds": ["paragraph"]}, Filters(kinds=("paragraph",))),
    ],
)
def test_filters_are_the_librarys(
    client: httpx.Client, seeds_archive: Archive, filters: dict[str, Any], given: Filters
) -> None:
    expected = seeds_archive.ask("调解了多少件？", filters=given).to_dict()
    answer = client.post("/v1/ask", json={"question": "调解了多少件？", "filters": filters}).json()
    assert answer["quotes"] == json.loads(json.dumps(expected["quotes"]))
    hits = client.get("/v1/search", params={"q": "调解", "top": 20, **filters}).json()["hits"]
    assert hits == [hit.to_dict() for hit in seeds_archive.search("调解", 20, filters=given)]


@pytest.mark.parametrize("filters", [{"since": "May"}, {"since": "2023", "until": "2022"}])
def test_a_filter_that_can_never_be_right_is_told(client: httpx.Client, filters: dict[str, str]) -> None:
    asked = client.post("/v1/ask", json={"question": FIRST, "filters": filters})
    searched = client.get("/v1/search", params={"q": FIRST, **filters})
    listed = client.get("/v1/documents", params=filters)
    for response in (asked, searched, listed):
        assert (response.status_code, response.json()["type"]) == (422, "urn:wenju:problem:filter-invalid")


def test_a_search_is_explained_when_asked(client: httpx.Client, seeds_archive: Archive) -> None:
    plain = client.get("/v1/search", params={"q": FIRST, "top": 3}).json()
    told = client.get("/v1/search", params={"q": FIRST, "top": 3, "explain": "true"}).json()
    assert plain["explanation"] is None
    explanation = told["explanation"]
    assert explanation["terms"]
    assert len(told["hits"]) == len(explanation["hits"]) == 3
    for hit in explanation["hits"]:
        assert hit["contributions"]
    assert explanation["hits"][0]["text"] == seeds_archive.explain(FIRST, 3).hits[0].hit.passage.text


def test_feedback_is_kept_and_read(client: httpx.Client) -> None:
    script = "<script>alert(1)</script>\u202e"
    body = {"question": script, "helpful": False, "document_id": "x", "spans": [[1, 5]], "comment": script}
    given = client.post("/v1/feedback", json=body)
    assert given.status_code == 201
    told = client.get("/v1/feedback", params={"limit": 1}).json()
    assert told["total"] >= 1
    assert told["feedback"][0] == {
        "id": given.json()["id"],
        "given": told["feedback"][0]["given"],
        "surface": "rest",
        **body,
    }


@pytest.mark.parametrize(
    "change",
    [
        {"helpful": "yes"},
        {"question": ""},
        {"spans": [[5, 5]]},
        {"spans": [[1, 2**40]]},
        {"comment": "x" * 2001},
        {"a": 1},
    ],
)
def test_feedback_that_is_none_is_422(client: httpx.Client, change: dict[str, Any]) -> None:
    response = client.post("/v1/feedback", json={"question": "问", "helpful": True, **change})
    assert response.status_code == 422


def test_sources_tell_what_can_be_asked_about(client: httpx.Client, seeds_archive: Archive) -> None:
    told = client.get("/v1/sources").json()
    infos = seeds_archive.documents()
    assert told["documents"] == len(infos) == sum(each["documents"] for each in told["publications"])
    assert {each["publication"] for each in told["publications"]} == {info.publication for info in infos}
    places = {each["place"]: each["documents"] for each in told["places"]}
    assert {"攸县", "炎陵县"} <= set(places)
    assert list(places.values()) == sorted(places.values(), reverse=True)
    for place, count in places.items():
        assert client.get("/v1/documents", params={"place": place}).json()["total"] == count


def test_the_list_is_filtered(client: httpx.Client, seeds_archive: Archive) -> None:
    infos = seeds_archive.documents()
    dated = [info for info in infos if info.date]
    assert dated
    year = dated[0].date[:4]

    def listed(**query: str) -> list[str]:
        return [info["id"] for info in client.get("/v1/documents", params=query).json()["documents"]]

    assert listed(since=year, until=year) == [info.id for info in infos if info.date[:4] == year]
    assert listed(since=dated[0].date, until=dated[0].date) == [i.id for i in infos if i.date == dated[0].date]
    assert listed(publication=infos[0].publication) == [i.id for i in infos if i.publication == infos[0].publication]
    assert listed(q=infos[2].source[:6].upper()) == [infos[2].id]
    assert listed(q=infos[1].title[:4]) == [info.id for info in infos if infos[1].title[:4] in info.title]
    assert listed(q="nowhere at all") == []
