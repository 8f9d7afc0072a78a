from pathlib import Path

import pytest

from retrieval.language.dictionary import EnglishChineseDictionary
from retrieval.language.forward import ChineseMeanings


@pytest.fixture(scope="module")
def meanings(encoder_cache: Path) -> ChineseMeanings:
    return ChineseMeanings.load(EnglishChineseDictionary.load(encoder_cache), encoder_cache)


@pytest.mark.parametrize(("word", "english"), [("华沙", "warsaw"), ("义工", "volunteer"), ("诈骗", "defraud")])
def test_a_chinese_word_is_translated(meanings: ChineseMeanings, word: str, english: str) -> None:
    terms = {term.term: term.weight for term in meanings.translate(word).terms}
    assert terms[english] >= 0.5
    assert all(0 < weight <= 1 for weight in terms.values())


@pytest.mark.parametrize(("word", "other"), [("打官司", "起诉"), ("老人", "老年人"), ("调解", "调停")])
def test_words_of_one_meaning_find_each_other(meanings: ChineseMeanings, word: str, other: str) -> None:
    terms = [term.term for term in meanings.synonyms(word).terms]
    assert other in terms
    assert word not in terms


def test_an_unknown_word_has_no_terms(meanings: ChineseMeanings) -> None:
    assert meanings.translate("闹纠纷").terms == meanings.synonyms("闹纠纷").terms == ()
    assert meanings.back_and_forth("闹纠纷").terms == ()


def test_back_and_forth_leads_to_words_of_one_english_expression(meanings: ChineseMeanings) -> None:
    assert "调解" in {term.term for term in meanings.back_and_forth("调停").terms} | {
        term.term for term in meanings.synonyms("调停").terms
    }
