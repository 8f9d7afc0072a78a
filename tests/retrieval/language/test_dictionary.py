import gzip
from pathlib import Path

import pytest

from retrieval.errors import DictionaryError
from retrieval.index import LexicalIndex, SynonymGroup, WeightedTerm
from retrieval.language.cedict import cedict_file, read_entries
from retrieval.language.dictionary import EnglishChineseDictionary, Translation
from retrieval.language.english import base_forms, english_words
from retrieval.language.tokens import words


@pytest.fixture(scope="module")
def dictionary(encoder_cache: Path) -> EnglishChineseDictionary:
    return EnglishChineseDictionary.load(encoder_cache)


def _terms(translation: Translation) -> dict[str, float]:
    return {term.term: term.weight for term in translation.terms}


def _by_source(dictionary: EnglishChineseDictionary, question: str) -> dict[str, dict[str, float]]:
    return {translation.source: _terms(translation) for translation in dictionary.translate(question)}


def test_a_phrase_comes_before_its_words_which_count_less(dictionary: EnglishChineseDictionary) -> None:
    translations = dictionary.translate("police station")
    assert [(translation.source, translation.weight) for translation in translations] == [
        ("police station", 1.0),
        ("police", 0.5),
        ("station", 0.5),
    ]
    assert {"警察局", "派出所"} & set(_terms(translations[0]))


def test_inflected_words_are_found_by_their_base_forms(dictionary: EnglishChineseDictionary) -> None:
    found = _by_source(dictionary, "Disputes were mediated and courts strengthened policies for children.")
    assert "纠纷" in found["disputes"]
    assert "调解" in found["mediated"]
    assert "法院" in found["courts"]
    assert "加强" in found["strengthened"]
    assert "政策" in found["policies"]
    assert {"儿童", "孩子"} & set(found["children"])


def test_function_and_question_words_are_left_out(dictionary: EnglishChineseDictionary) -> None:
    assert [translation.source for translation in dictionary.translate("How many of the judges were there?")] == [
        "judges"
    ]
    assert dictionary.translate("what is it?") == ()
    assert dictionary.translate("") == ()


def test_a_name_that_looks_like_a_function_word_is_kept(dictionary: EnglishChineseDictionary) -> None:
    for question in ("How many people did prosecutors in You County charge?", "You County's courts"):
        found = _by_source(dictionary, question)
        assert found["you county"] == {"攸县": 1.0}
        assert "you" not in found


def test_places_are_found_by_their_name_before_what_explains_them(dictionary: EnglishChineseDictionary) -> None:
    assert "炎陵县" in _by_source(dictionary, "Where is Yanling County?")["yanling county"]
    zhuzhou = _by_source(dictionary, "Zhuzhou's police")["zhuzhou"]
    assert zhuzhou["株洲"] == 1.0
    assert zhuzhou["株洲"] > zhuzhou.get("醴陵", 0.0)


def test_numbers_stay_and_months_and_numerals_get_digits(dictionary: EnglishChineseDictionary) -> None:
    found = _by_source(dictionary, "Three reports of March 2021, the 18th and 12.5")
    assert found["2021"] == {"2021": 1.0}
    assert found["18"] == {"18": 1.0}
    assert found["12.5"] == {"12.5": 1.0}
    assert found["three"]["3"] == 1.0
    assert "三月" in found["march"]
    assert 0 < found["march"]["3"] < 1


def test_a_word_that_the_dictionary_lacks_stands_for_itself_with_less_weight(
    dictionary: EnglishChineseDictionary,
) -> None:
    (translation,) = dictionary.translate("Xylqwert")
    assert _terms(translation) == {"xylqwert": 1.0}
    assert 0 < translation.weight < 1


def test_weights_are_shares_of_the_best_in_falling_order(dictionary: EnglishChineseDictionary) -> None:
    for translation in dictionary.translate("Which court mediated the dispute of the police?"):
        weights = [term.weight for term in translation.terms]
        assert weights[0] == 1.0
        assert weights == sorted(weights, reverse=True)
        assert weights[-1] > 0
        assert len({term.term for term in translation.terms}) == len(weights)


def test_translations_find_a_chinese_text_through_the_word_index(dictionary: EnglishChineseDictionary) -> None:
    texts = ["攸县检察机关起诉313件418人", "炎陵县调解纠纷917件", "消防队扑灭了一场大火"]
    index = LexicalIndex.build([words(text) for text in texts])
    best = []
    for question in (
        "How many prosecutions in You County?",
        "disputes mediated in Yanling",
        "Who extinguished the fire?",
    ):
        groups = [
            SynonymGroup(tuple(WeightedTerm(t.term, t.weight) for t in translation.terms), translation.weight)
            for translation in dictionary.translate(question)
        ]
        best.append(int(index.groups_scores(groups).scores.argmax()))
    assert best == [0, 1, 2]


def test_a_kept_dictionary_gives_what_a_new_one_gives(tmp_path: Path, dictionary: EnglishChineseDictionary) -> None:
    question = "Which court heard the environmental case about the river?"
    assert EnglishChineseDictionary.load(tmp_path).translate(question) == dictionary.translate(question)
    files = sorted((tmp_path / "dictionary").iterdir())
    before = {file: file.stat().st_mtime_ns for file in files}
    assert EnglishChineseDictionary.load(tmp_path).translate(question) == dictionary.translate(question)
    assert {file: file.stat().st_mtime_ns for file in files} == before


def test_odd_questions_are_answered(dictionary: EnglishChineseDictionary) -> None:
    assert dictionary.translate("\ud800 ?!") is not None
    assert len(dictionary.translate("court " * 1600)) == 1600
    assert [translation.source for translation in dictionary.translate("法院 court")][-1] == "court"


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("charges", "charge"),
        ("parties", "party"),
        ("planned", "plan"),
        ("making", "make"),
        ("written", "write"),
        ("largest", "large"),
        ("organise", "organize"),
        ("colour", "color"),
        ("thieves", "thief"),
        ("crises", "crisis"),
    ],
)
def test_base_forms_hold_the_base(word: str, base: str) -> None:
    assert base in base_forms(word)


@pytest.mark.parametrize("word", ["news", "class", "campus", "series"])
def test_words_that_only_look_inflected_have_no_base(word: str) -> None:
    assert base_forms(word) == []


def test_capitals_tell_names_unless_all_words_have_them() -> None:
    asked = english_words("Did Hu speak? You did. He met Liling's mayor in May.")
    assert [word.text for word in asked if word.is_name] == ["hu", "liling", "may"]
    for title in ("How Many People Did The Court Hear", "Where Is Liling", "WHO WAS IT"):
        assert not any(word.is_name for word in english_words(title))
    assert [word.is_name for word in english_words("Prosecutors in You County")] == [False, False, True, True]


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    file = tmp_path / "cedict.txt.gz"
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        stream.write("# a comment\n法院 法院 [fa3 yuan4] /court of law/court/\n")
    return file


def test_entries_are_read(small_file: Path) -> None:
    (entry,) = read_entries(small_file)
    assert (entry.simplified, entry.syllables, entry.senses) == ("法院", ("fa3", "yuan4"), ("court of law", "court"))
    assert cedict_file().is_file()


def test_a_line_that_is_no_entry_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cedict.txt.gz"
    file.write_bytes(gzip.compress("法院 court\n".encode()))
    with pytest.raises(DictionaryError, match=r"line 1 of .*法院 court.*install it again"):
        list(read_entries(file))


def test_a_damaged_file_is_named(small_file: Path) -> None:
    small_file.write_bytes(small_file.read_bytes()[:-12])
    with pytest.raises(DictionaryError, match=r"cedict\.txt\.gz cannot be read"):
        list(read_entries(small_file))
