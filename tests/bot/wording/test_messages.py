import json
import re
from pathlib import Path
from string import Formatter

import pytest

from bot.wording import LANGUAGES, messages
from retrieval.types import Arrangement

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "bot" / "wording"


ROOMS = ("answers", "cli", "telegram")
"""Rooms that every language has; another room is written in all its sentences or not at all."""


def _room(language: str, room: str) -> dict[str, str | dict[str, str]]:
    texts: dict[str, str | dict[str, str]] = json.loads((FOLDER / language / f"{room}.json").read_text("utf-8"))
    return texts


def _rooms(language: str) -> list[str]:
    return sorted(path.stem for path in (FOLDER / language).glob("*.json") if path.stem != "formats")


def _file(language: str) -> dict[str, str | dict[str, str]]:
    texts: dict[str, str | dict[str, str]] = {}
    for room in _rooms(language):
        more = _room(language, room)
        assert not texts.keys() & more.keys(), room
        assert list(more) == sorted(more), room
        texts.update(more)
    return texts


def _forms(template: str | dict[str, str]) -> list[str]:
    return [template] if isinstance(template, str) else list(template.values())


def _places(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_every_folder_is_a_language() -> None:
    assert sorted({path.parent.name for path in FOLDER.glob("*/*.json")}) == list(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_are_sorted_and_sentences_are_written(language: str) -> None:
    texts = _file(language)
    assert len(texts) > 30
    assert [key for key, text in texts.items() if not all(form.strip() for form in _forms(text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_languages_say_the_same_things_with_the_same_places(language: str) -> None:
    assert set(ROOMS) <= set(_rooms(language)) <= set(_rooms("en"))
    for room in _rooms(language):
        english, other = _room("en", room), _room(language, room)
        assert list(english) == list(other)
        for key, text in english.items():
            assert {frozenset(_places(form)) for form in _forms(text)} == {
                frozenset(_places(form)) for form in _forms(other[key])
            }, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_counted_sentence_has_the_forms_of_its_language(language: str) -> None:
    counted = {key for key, text in _file("en").items() if not isinstance(text, str)}
    assert {"documents", "passages", "collection_total", "summary_dropped"} <= counted
    categories = set(messages(language).formats.plural.categories)
    texts = _file(language)
    for key in counted & texts.keys():
        text = texts[key]
        assert isinstance(text, dict), key
        assert set(text) == categories, key


def test_every_sentence_is_used() -> None:
    files = [path for path in sorted((ROOT / "bot").rglob("*")) if path.suffix in (".html", ".js", ".py")]
    code = "\n".join(path.read_text("utf-8") for path in files)
    used = set(re.findall(r'["{]([a-z_]+)["}]', code)) | {arrangement.value for arrangement in Arrangement}
    beginnings = tuple(re.findall(r'(?:text\(|texts\[)f"([a-z_]+)\{', code) + re.findall(r"= `([a-z_]+_)\$\{", code))
    assert {"web_problem_", "missing_", "web_title_"} <= set(beginnings)
    assert len(used) > 20
    assert [key for key in _file("en") if key not in used and not key.startswith(beginnings)] == []


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh"),
        ("ZH_cn", "zh"),
        ("zh-Hans-HK", "zh"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh_hk", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-yue-HK", "zh-Hant"),
        ("yue", "zh-Hant"),
        ("cmn-Hans", "zh"),
        ("en-GB", "en"),
        ("de-AT", "de"),
        ("ja", "ja"),
        ("fr_CA", "fr"),
        ("pt", "en"),
        ("und", "en"),
        ("", "en"),
        ("zha", "en"),
    ],
)
def test_the_language_that_suits_best(tag: str, language: str) -> None:
    assert messages(tag).language == language


def test_lines() -> None:
    assert messages("en").lines(12, 12) == "line 12"
    assert messages("en").lines(12, 14) == "lines 12–14"
    assert messages("zh").lines(12, 14) == "第12–14行"


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("de", "4. November 2021"),
        ("en", "4 November 2021"),
        ("es", "4 de noviembre de 2021"),
        ("fr", "4 novembre 2021"),
        ("ja", "2021年11月4日"),
        ("ko", "2021년 11월 4일"),
        ("ru", "4 ноября 2021 г."),
        ("zh", "2021年11月4日"),
        ("zh-Hant", "2021年11月4日"),
    ],
)
def test_a_day(language: str, day: str) -> None:
    assert messages(language).date("2021-11-04") == day


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    assert messages("fr").date("2024-03-01") == "1er mars 2024"
    assert messages("es").date("2024-03-01") == "1 de marzo de 2024"


@pytest.mark.parametrize("iso", ["2021-11", "", "2021-1a-04", "2021-13-04"])
def test_what_is_no_day_stays(iso: str) -> None:
    assert messages("zh").date(iso) == messages("en").date(iso) == iso


@pytest.mark.parametrize(
    ("language", "small", "large", "fraction", "percentage"),
    [
        ("de", "1.234", "1.234.567", "0,5", "12\u00a0%"),
        ("en", "1,234", "1,234,567", "0.5", "12%"),
        ("es", "1234", "1.234.567", "0,5", "12\u00a0%"),
        ("fr", "1\u202f234", "1\u202f234\u202f567", "0,5", "12\u202f%"),
        ("ru", "1\u00a0234", "1\u00a0234\u00a0567", "0,5", "12\u00a0%"),
        ("zh", "1,234", "1,234,567", "0.5", "12%"),
    ],
)
def test_numbers(language: str, small: str, large: str, fraction: str, percentage: str) -> None:
    words = messages(language)
    assert [words.number(1234), words.number(1234567), words.number(0.5, 1)] == [small, large, fraction]
    assert words.percentage(0.123) == percentage


@pytest.mark.parametrize(
    ("language", "count", "text"),
    [
        ("en", 1, "1 document"),
        ("en", 0, "0 documents"),
        ("en", 1200, "1,200 documents"),
        ("de", 2, "2 Dokumente"),
        ("fr", 0, "0 document"),
        ("fr", 1_000_000, "1\u202f000\u202f000 de documents"),
        ("es", 2_000_000, "2.000.000 de documentos"),
        ("ru", 1, "1 документ"),
        ("ru", 3, "3 документа"),
        ("ru", 12, "12 документов"),
        ("ru", 21, "21 документ"),
        ("ru", 111, "111 документов"),
        ("ja", 1, "文書1件"),
    ],
)
def test_counts(language: str, count: int, text: str) -> None:
    assert messages(language).text("documents", count=count) == text


def test_a_list() -> None:
    assert messages("zh").listing(["2021", "2023"]) == "2021、2023"
    assert messages("en").listing(["2021", "2023"]) == "2021, 2023"


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert messages("en").text("question", question="{x} {0}") == "Q: {x} {0}"


def test_a_missing_value_or_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        messages("en").text("question")
    with pytest.raises(KeyError):
        messages("en").text("documents")
    with pytest.raises(KeyError):
        messages("en").text("no such sentence")
