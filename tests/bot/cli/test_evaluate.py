import json
from pathlib import Path
from typing import Any

from tests.bot.cli.conftest import Shell


def _paragraph(text: str, question: str) -> dict[str, Any]:
    return {
        "context": text,
        "qas": [{"id": question, "question": question, "answers": [{"text": text[:2], "answer_start": 0}]}],
    }


def test_retrieval_figures(shell: Shell, tmp_path: Path) -> None:
    paragraphs = [
        _paragraph("市图书馆星期一闭馆。", "图书馆哪天闭馆？"),
        _paragraph("攸县调解员三百人。", "攸县有多少调解员？"),
    ]
    corpus = tmp_path / "corpus.json"
    corpus.write_text(json.dumps({"version": "1", "data": [{"title": "t", "paragraphs": paragraphs}]}), "utf-8")
    done = shell.run("wenju", "evaluate", "retrieval", "--corpus", str(corpus), "--json")
    assert done.code == 0, done.err
    figures = json.loads(done.out)
    assert (figures["recall@1"], figures["mrr@10"], figures["questions"]) == (1.0, 1.0, 2)


def test_answer_figures_for_a_reader(shell: Shell, tmp_path: Path) -> None:
    question = {
        "id": "1",
        "lang": "zh",
        "kind": "number",
        "question": "炎陵县调解成功率是多少？",
        "history": [],
        "source": "003",
        "quotes": ["调解成功率99%"],
        "answers": ["99%"],
    }
    (tmp_path / "questions.jsonl").write_text(json.dumps(question) + "\n", "utf-8")
    done = shell.run("wenju", "evaluate", "answers", "--questions", "questions.jsonl")
    assert done.code == 0, done.err
    lines = [line.split() for line in done.out.splitlines()]
    assert lines[0] == ["overall"]
    assert ["quote@1", "1.0000"] in lines
    assert ["questions", "1"] in lines


def test_only_the_questions_of_a_split_are_asked(shell: Shell, tmp_path: Path) -> None:
    questions: list[dict[str, Any]] = [
        {"id": name, "lang": "zh", "kind": "unanswerable", "question": "攸县有几座桥？", "quotes": [], "split": name}
        for name in ("tune", "report")
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(map(json.dumps, questions)), "utf-8")
    asked = ("wenju", "evaluate", "answers", "--questions", "questions.jsonl", "--json", "--split")
    done = shell.run(*asked, "report")
    assert (done.code, json.loads(done.out)["overall"]["questions"]) == (0, 1), done.err
    done = shell.run(*asked, "test")
    assert done.code == 1
    assert "no question is of the split 'test' (splits: report, tune)" in done.err


def test_a_question_file_that_is_none_is_one_line(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "corpus.json").write_text("[]", "utf-8")
    for name in ("corpus.json", "missing.json"):
        done = shell.run("wenju", "evaluate", "retrieval", "--corpus", name)
        assert (done.code, done.out) == (1, "")
        assert done.err.startswith("error: ")
        assert name in done.err
        assert done.err.count("\n") == 1
