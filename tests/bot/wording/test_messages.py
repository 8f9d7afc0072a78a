import json
import re
from pathlib import Path
from string import Formatter

import pytest

from bot.wording import LANGUAGES, messages

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bot" / "wording"


def _file(language: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for room in sorted((FOLDER / language).glob("*.json")):
        more: dict[str, str] = json.loads(room.read_text("utf-8"))
        assert not texts.keys() & more.keys(), room
        assert list(more) == sorted(more), room
        texts.update(more)
    return texts


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_file_is_a_language() -> None:
    assert sorted({path.parent.name for path in FOLDER.glob("*/*.json")}) == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_sorted_and_sentences_are_written(language: str) -> None:
    texts = _file(language)
    assert [key for key, text in texts.items() if not text.strip()] == []


def test_all_languages_say_the_same_things_with_the_same_places() -> None:
    english, chinese = _file("en"), _file("zh")
    assert list(english) == list(chinese)
    dates = {"date"}  # each language writes a date with parts of its own
    assert {key: _places(text) for key, text in english.items() if key not in dates} == {
        key: _places(text) for key, text in chinese.items() if key not in dates
    }


def test_every_sentence_is_used() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
    used = set(re.findall(r'"([a-z_]+)"', code))
    beginnings = tuple(re.findall(r'text\(f"([a-z_]+)\{', code))
    assert len(used) > 20
    assert [key for key in _file("en") if key not in used and not key.startswith(beginnings)] == []


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-Hant-TW", "zh"), ("ZH_cn", "zh"), ("en-GB", "en"), ("ja", "en"), ("", "en"), ("zha", "en")],
)
def test_the_language_that_suits_best(tag: str, language: str) -> None:
    assert messages(tag).language == language


def test_lines() -> None:
    assert messages("en").lines(12, 12) == "line 12"
    assert messages("en").lines(12, 14) == "lines 12–14"
    assert messages("zh").lines(12, 14) == "第12–14行"


@pytest.mark.parametrize(
    ("iso", "chinese", "english"),
    [
        ("2021-11-04", "2021年11月4日", "2021-11-04"),
        ("2021-11", "2021-11", "2021-11"),
        ("", "", ""),
        ("2021-1a-04", "2021-1a-04", "2021-1a-04"),
    ],
)
def test_date(iso: str, chinese: str, english: str) -> None:
    assert messages("zh").date(iso) == chinese
    assert messages("en").date(iso) == english


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert messages("en").text("question", question="{x} {0}") == "Q: {x} {0}"


def test_a_missing_value_or_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        messages("en").text("question")
    with pytest.raises(KeyError):
        messages("en").text("no such sentence")
