"""Write ``bot/api/examples.py`` anew from what the API answers over the first archive.

Run it when answers have changed: ``python -m tests.bot.api.make_examples``. The requests stand here.
"""

import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import httpx

from bot.api.app import create_app
from bot.settings import Settings
from retrieval import Archive
from tests.bot.api.serving import serving

ROOT = Path(__file__).parents[3]
TARGET = ROOT / "bot" / "api" / "examples.py"
WIDTH = 70
ASK_REQUESTS: dict[str, Any] = {
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
QUERY = "攸县 视频监控"


def main() -> None:
    """Build the archive, ask it, write the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive"
        with Archive.open(path, create=True, cache=Settings().cache) as archive:
            archive.sync([ROOT / "seeds"])
        with serving(create_app(path, cache=Settings().cache)) as client:
            values = _examples(client)
    lines = ['"""Examples in the OpenAPI document: real questions to the first archive, and what it answers.']
    lines += ["", "Written by tests/bot/api/make_examples.py; change the requests there.", '"""', ""]
    lines += ["from typing import Any", "", f"__all__ = {sorted(values)!r}", ""]
    lines += [
        f"{name}{'' if isinstance(value, str) else ': dict[str, Any]'} = {_literal(value, 0)}"
        for name, value in values.items()
    ]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    for arguments in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, TARGET], check=True, cwd=ROOT)


def _examples(client: httpx.Client) -> dict[str, Any]:
    answers = {}
    for name, label in (("chinese", "Answered"), ("not_found", "Not found")):
        answer = client.post("/v1/ask", json=ASK_REQUESTS[name]["value"]).raise_for_status().json()
        answer["near_misses"] = answer["near_misses"][:1]
        answer["citations"] = answer["citations"][:1]
        answers[name] = {"summary": label, "value": _rounded(answer)}
    document_id = answers["chinese"]["value"]["quotes"][0]["document_id"]
    hits = client.get("/v1/search", params={"q": QUERY, "top": 1}).raise_for_status().json()
    documents = client.get("/v1/documents", params={"limit": 1}).raise_for_status().json()
    document = client.get(f"/v1/documents/{document_id}").raise_for_status().json()
    document["text"] = document["text"][:60] + "…"
    document["outline"]["blocks"] = document["outline"]["blocks"][:1]
    document["outline"]["articles"] = [{**each, "blocks": [0]} for each in document["outline"]["articles"][:1]]
    cut = "The text, articles and blocks are cut here for the example"
    return {
        "DOCUMENT_ID": document_id,
        "ASK_REQUESTS": ASK_REQUESTS,
        "ASK_ANSWERS": answers,
        "SEARCH_RESULTS": {"chinese": {"summary": f"The first hit for {QUERY}", "value": _rounded(hits)}},
        "DOCUMENT_LISTS": {"first": {"summary": "With limit=1", "value": documents}},
        "DOCUMENTS": {"start": {"summary": cut, "value": document}},
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list) else value


def _literal(value: Any, indent: int) -> str:
    """Write a value as Python; long texts in pieces that fit a line, since a formatter leaves texts alone."""
    margin = " " * indent
    if isinstance(value, dict) and value:
        rows = (f"\n{margin}    {name!r}: {_literal(each, indent + 4)}," for name, each in value.items())
        return "{" + "".join(rows) + f"\n{margin}}}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, str)):
        return "[" + "".join(f"\n{margin}    {_literal(each, indent + 4)}," for each in value) + f"\n{margin}]"
    if isinstance(value, str) and _width(value) > WIDTH:
        pieces, piece = [], ""
        for character in value:
            if _width(piece + character) > WIDTH:
                pieces.append(piece)
                piece = ""
            piece += character
        return "(" + "".join(f"\n{margin}    {each!r}" for each in (*pieces, piece)) + f"\n{margin})"
    return repr(value)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


if __name__ == "__main__":
    main()
