"""The archive as a model: the official client, and requests as Open WebUI sends them."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from bot.api.markdown import quoted_words
from retrieval.archive import Archive

QUESTION = "炎陵县调解成功率是多少？"


@pytest.fixture
def official(client: httpx.Client) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{client.base_url}/v1", api_key="sk-none", max_retries=0) as made:
        yield made


def chat(client: httpx.Client, *messages: dict[str, Any], **more: Any) -> httpx.Response:
    return client.post("/v1/chat/completions", json={"model": "wenju", "messages": list(messages), **more})


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def test_the_official_client_lists_the_model(official: openai.OpenAI) -> None:
    assert [model.id for model in official.models.list()] == ["wenju"]
    assert official.models.retrieve("wenju").owned_by == "wenju"
    with pytest.raises(openai.NotFoundError, match="gpt-4"):
        official.models.retrieve("gpt-4")


def test_the_official_client_gets_quotes_with_links(official: openai.OpenAI, seeds_archive: Archive) -> None:
    done = official.chat.completions.create(model="wenju", messages=[{"role": "user", "content": QUESTION}])
    quote = seeds_archive.ask(QUESTION).quotes[0]
    message = done.choices[0].message
    assert done.choices[0].finish_reason == "stop"
    assert message.content is not None
    assert quoted_words(message.content) == quote.text
    start, end = quote.spans[0].start, quote.spans[0].end
    url = f"{str(official.base_url).removesuffix('/v1/')}/source/{quote.document_id}#c{start}-{end}"
    assert f"[\\[1\\]]({url})" in message.content
    assert done.model_extra is not None
    assert done.model_extra["citations"][0]["text"] == quote.text
    assert message.annotations is not None
    for number, annotation in enumerate(message.annotations, start=1):
        cited = annotation.url_citation
        assert message.content[cited.start_index : cited.end_index] == f"[\\[{number}\\]]({cited.url})"
    assert done.usage is not None
    assert done.usage.total_tokens == 0


def test_the_official_client_streams_the_same(official: openai.OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": QUESTION}]
    whole = official.chat.completions.create(model="wenju", messages=messages)
    stream = official.chat.completions.create(
        model="wenju", messages=messages, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[-1].usage is not None
    last = [chunk for chunk in chunks if chunk.choices][-1]
    assert last.choices[0].finish_reason == "stop"
    assert last.model_extra is not None
    assert whole.model_extra is not None
    assert last.model_extra["citations"] == whole.model_extra["citations"]


def test_the_official_client_raises_its_own_errors(official: openai.OpenAI) -> None:
    def ask(content: str, **more: Any) -> None:
        with warnings.catch_warnings():
            official.chat.completions.create(**{"model": "wenju", "messages": [user(content)], **more})

    with pytest.raises(openai.BadRequestError) as several:
        ask(QUESTION, n=2)
    assert several.value.param == "n"
    with pytest.raises(openai.BadRequestError, match="empty"):
        ask("")
    with pytest.raises(openai.NotFoundError) as unknown:
        ask(QUESTION, model="gpt-4o")
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError) as shaped:
        ask(QUESTION, response_format={"type": "json_object"})
    assert shaped.value.param == "response_format"
    with pytest.raises(openai.BadRequestError) as tools:
        ask(QUESTION, tools=[], tool_choice="required")
    assert tools.value.param == "tool_choice"


def test_as_open_webui_sends_it(client: httpx.Client) -> None:
    """Its requests: unknown fields, a system prompt, earlier answers as it got them, content in parts."""
    first = chat(client, user(QUESTION)).json()["choices"][0]["message"]["content"]
    response = chat(
        client,
        {"role": "system", "content": "You are a helpful assistant. Today is Sunday."},
        user(QUESTION),
        {"role": "assistant", "content": first},
        user([{"type": "text", "text": "那攸县呢？"}]),
        stream=True,
        stream_options={"include_usage": True},
        temperature=0.8,
        max_tokens=1000,
        tools=[{"type": "function", "function": {"name": "search_web", "parameters": {}}}],
        metadata={"chat_id": "1"},
    )
    lines = [line.removeprefix("data: ") for line in response.text.split("\n\n") if line]
    assert response.headers["content-type"].startswith("text/event-stream")
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    text = "".join(choice["delta"].get("content", "") for chunk in chunks for choice in chunk["choices"])
    assert "攸县" in text
    citations = [chunk["citations"] for chunk in chunks if "citations" in chunk]
    assert len(citations) == 1
    expected = client.post(
        "/v1/ask",
        json={"question": "那攸县呢？", "history": [{"question": QUESTION, "answer": quoted_words(first)}]},
    ).json()
    assert [each["text"] for each in citations[0]] == [each["text"] for each in expected["citations"]]


def test_what_is_not_found_is_said_in_the_questions_language(client: httpx.Client) -> None:
    told = chat(client, user("How do I bake a pizza?")).json()
    content = told["choices"][0]["message"]["content"]
    assert content.startswith("The archive does not answer this question\\.")
    greeted = chat(client, user("你好")).json()
    assert greeted["citations"] == []
    assert greeted["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([], "messages"),
        ([{"role": "system", "content": "x"}], "messages"),
        ([user("x"), {"role": "assistant", "content": "y"}], "messages"),
        ([{"role": "robot", "content": "x"}], "messages.0.role"),
        ([user([{"type": "image_url", "image_url": {"url": "https://x.example"}}])], "messages.0.content"),
        ([user([{"type": "input_audio", "input_audio": {}}])], "messages.0.content"),
    ],
)
def test_what_cannot_be_read_is_400_with_the_field(
    client: httpx.Client, messages: list[dict[str, Any]], param: str
) -> None:
    response = chat(client, *messages)
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    assert error["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"messages": []}', b"[" * 60_000])
def test_a_body_that_is_none_is_400_in_openais_shape(client: httpx.Client, body: bytes) -> None:
    response = client.post("/v1/chat/completions", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


def test_a_host_that_is_none_is_not_linked(client: httpx.Client) -> None:
    response = client.post(
        "/v1/chat/completions",
        json={"model": "wenju", "messages": [user(QUESTION)]},
        headers={"Host": "localhost"},
    )
    assert "](http://localhost/source/" in response.json()["choices"][0]["message"]["content"]
