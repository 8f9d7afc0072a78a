"""Questions of the reading sets in other languages: read, paired for the encoder, asked of their paragraphs."""

import json
from pathlib import Path
from random import Random

import pytest

from training.pages import translated_set
from training.pairs import Pair
from training.questions import Question
from training.translations import read_translations, translated_pairs

_TEXT = "炎陵县位于株洲。去年全县的黄桃产量达到5000吨。"


def _folder(tmp_path: Path, **lines: str) -> Path:
    for language, text in lines.items():
        (tmp_path / f"{language}.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def _reading_set(tmp_path: Path, paragraphs: int) -> Path:
    asked = {"question": "黄桃产量是多少？", "answers": [{"text": "5000吨", "answer_start": _TEXT.index("5000")}]}
    rows = [{"context": f"{_TEXT}第{n}段。", "qas": [asked | {"id": f"q{n}"}]} for n in range(paragraphs)]
    file = tmp_path / "reading.json"
    file.write_text(json.dumps({"data": [{"paragraphs": rows}]}), encoding="utf-8")
    return file


def test_a_question_has_its_translations_by_language(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path, en="q1\tHow many peaches?\tLast year it was 5,000 tonnes.\n", ru="q1\tСколько персиков?\n"
    )
    english, russian = read_translations(folder)["q1"]
    assert (english.language, english.sentence) == ("en", "Last year it was 5,000 tonnes.")
    assert (russian.language, russian.question, russian.sentence) == ("ru", "Сколько персиков?", "")


def test_a_line_of_another_layout_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"en\.tsv:2: 1 columns; write id, question"):
        read_translations(_folder(tmp_path, en="q1\tHow many?\nq2\n"))


def test_translated_questions_are_paired_with_sentences_of_the_other_language(tmp_path: Path) -> None:
    translations = read_translations(_folder(tmp_path, en="q0\tEven?\tS0.\nq1\tHow many?\tS1.\n"))
    questions = [Question(f"问{n}", ("x",), "段", n, f"句{n}", f"q{n}") for n in (0, 1, 2)]
    pairs = [Pair(question.text, question.sentence, "别的") for question in questions]
    kinds = translated_pairs(questions, pairs, translations, Random(1))
    assert kinds["heldout.translated"] == [Pair("Even?", "句0", "别的")]
    assert kinds["crossed"] == [Pair("How many?", "句1", "别的")]
    assert kinds["answered"] == [Pair("问1", "S1."), Pair("How many?", "S1.")]
    assert kinds["translations"] in ([Pair("How many?", "问1")], [Pair("S1.", "句1")])


def test_translated_questions_are_asked_of_the_paragraphs_that_are_not_held_out(tmp_path: Path) -> None:
    reading = _reading_set(tmp_path, 5)
    folder = _folder(tmp_path, en="".join(f"q{n}\tHow many {n}?\n" for n in range(5)), ru="q1\tСколько?\n")
    found = translated_set(reading, 10, folder)
    assert sorted(found.texts) == ["00000", "00001", "00002", "00003", "00004"]
    assert sorted(question.id for question in found.questions) == ["q1-en", "q1-ru", "q2-en", "q4-en"]
    one = next(question for question in found.questions if question.id == "q1-ru")
    assert (one.lang, one.sources, one.answers) == ("ru", ("00001",), ("5000吨",))
    assert one.quotes[0] in found.texts["00001"]
    assert len(translated_set(reading, 2, folder).questions) == 2


def test_every_shipped_translation_is_of_one_language_and_written_in_it() -> None:
    for translations in read_translations().values():
        for translation in translations:
            text = f"{translation.question} {translation.sentence}"
            assert translation.language == "ja" or not any("一" <= character <= "鿿" for character in text), text
            if translation.language == "ru":
                assert any("а" <= character <= "я" for character in text), text
            if translation.language == "ko":
                assert any("가" <= character <= "힣" for character in text), text
