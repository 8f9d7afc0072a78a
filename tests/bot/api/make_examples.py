"""Write ``bot/api/examples.json`` anew from what the API answers over the first archive.

Run it when answers have changed: ``python -m tests.bot.api.make_examples``. The requests stand here.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import httpx

from bot.api.app import create_app
from bot.settings import Settings
from retrieval import Archive
from tests.bot.api.serving import serving

ROOT = Path(__file__).parents[3]
TARGET = ROOT / "bot" / "api" / "examples.json"
ASKED: dict[str, Any] = {
    "chinese": {"summary": "In Chinese", "value": {"question": "炎陵县调解成功率是多少？", "top": 1}},
    "english": {
        "summary": "In English",
        "value": {"question": "How many university students took part in the legal outreach?"},
    },
    "follow_up": {
        "summary": "A follow-up question",
        "value": {
            "question": "那攸县呢？",
            "top": 1,
            "history": [{"question": "炎陵县调解成功率是多少？", "answer": "调解成功率99%"}],
        },
    },
    "filtered": {
        "summary": "Asked of a part of the archive",
        "value": {"question": "办了多少件案子？", "top": 1, "filters": {"since": "2021", "places": ["攸县"]}},
    },
    "not_found": {"summary": "What the archive does not hold", "value": {"question": "How do I bake a pizza?"}},
}
CHATTED: dict[str, Any] = {
    "question": {
        "summary": "A question",
        "value": {"model": "wenju", "messages": [{"role": "user", "content": "炎陵县调解成功率是多少？"}]},
    },
    "follow_up": {
        "summary": "A follow-up question, streamed",
        "value": {
            "model": "wenju",
            "stream": True,
            "messages": [
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "炎陵县调解成功率是多少？"},
                {"role": "assistant", "content": "> 调解成功率99%"},
                {"role": "user", "content": "那攸县呢？"},
            ],
        },
    },
}
GIVEN: dict[str, Any] = {
    "helpful": {
        "summary": "An answer was of use",
        "value": {"question": "炎陵县调解成功率是多少？", "helpful": True, "comment": "就是这句。"},
    }
}
QUERY = "攸县 视频监控"
CUT = "The text, articles and blocks are cut here for the example"
OF_A_DOCUMENT = ("readDocument", "readOriginal", "readPages", "readPagePicture", "deleteDocument")
CHARACTERS = 200


def main() -> None:
    """Build the archive, ask it, write the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        with Archive.open(path, create=True, cache=Settings().cache) as archive:
            archive.sync([ROOT / "seeds"])
        with serving(create_app(path, cache=Settings().cache)) as client:
            made = _examples(client)
    TARGET.write_text(json.dumps(made, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")


def _examples(client: httpx.Client) -> dict[str, Any]:
    answers = {}
    for name, label in (("chinese", "Answered"), ("not_found", "Not found")):
        answer = client.post("/v1/ask", json=ASKED[name]["value"]).raise_for_status().json()
        answer["near_misses"] = answer["near_misses"][:1]
        answer["citations"] = answer["citations"][:1]
        answers[name] = {"summary": label, "value": _rounded(answer)}
    quote = answers["chinese"]["value"]["quotes"][0]
    document_id = quote["document_id"]
    spans = ",".join(f"{start}-{end}" for start, end in quote["spans"])
    hits = client.get("/v1/search", params={"q": QUERY, "top": 1}).raise_for_status().json()
    documents = client.get("/v1/documents", params={"limit": 1}).raise_for_status().json()
    document = client.get(f"/v1/documents/{document_id}").raise_for_status().json()
    document["text"] = document["text"][:60] + "…"
    document["outline"]["blocks"] = document["outline"]["blocks"][:1]
    document["outline"]["articles"] = [{**each, "blocks": [0]} for each in document["outline"]["articles"][:1]]
    around: dict[str, str | int] = {"spans": spans, "characters": CHARACTERS}
    wider = client.get(f"/v1/documents/{document_id}/around", params=around).raise_for_status().json()
    made: dict[str, Any] = {
        "ask": {"requests": ASKED, "answers": answers},
        "createChatCompletion": {"requests": CHATTED},
        "giveFeedback": {"requests": GIVEN},
        "listDocuments": {"answers": {"first": {"summary": "With limit=1", "value": documents}}},
        "readAround": {
            "parameters": {"document_id": document_id, **around},
            "answers": {"quote": {"summary": f"With characters={CHARACTERS}", "value": wider}},
        },
        "search": {
            "parameters": {"q": QUERY},
            "answers": {"chinese": {"summary": f"The first hit for {QUERY}", "value": _rounded(hits)}},
        },
    }
    for operation in OF_A_DOCUMENT:
        made[operation] = {"parameters": {"document_id": document_id}}
    made["readDocument"]["answers"] = {"start": {"summary": CUT, "value": document}}
    return made


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


if __name__ == "__main__":
    main()
