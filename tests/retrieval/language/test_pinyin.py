from pathlib import Path

import pytest

from retrieval.index import LexicalIndex, SynonymGroup, WeightedTerm
from retrieval.language.pinyin import Pinyin
from retrieval.language.syllables import SYLLABLES, cut_syllables, plain_pinyin


@pytest.fixture(scope="module")
def pinyin(encoder_cache: Path) -> Pinyin:
    return Pinyin.load(encoder_cache)


def _asked(pinyin: Pinyin, question: str) -> dict[str, list[str]]:
    return {group.source: [term.term for term in group.terms] for group in pinyin.query_terms(question)}


def test_a_place_is_given_with_and_without_its_division(pinyin: Pinyin) -> None:
    assert pinyin.name_terms("炎陵县") == ["yanlingxian", "yanling"]
    assert pinyin.name_terms("醴陵市") == ["lilingshi", "liling"]
    # What is left of 攸县 is one syllable, which would match anything.
    assert pinyin.name_terms("攸县") == ["youxian"]


def test_traditional_characters_sound_the_same(pinyin: Pinyin) -> None:
    assert pinyin.name_terms("炎陵縣") == pinyin.name_terms("炎陵县")


def test_a_person_is_given_with_and_without_the_surname(pinyin: Pinyin) -> None:
    terms = pinyin.name_terms("市委书记曹慧泉")
    assert "caohuiquan" in terms
    assert "huiquan" in terms


def test_a_surname_that_the_segmenter_leaves_apart_is_joined(pinyin: Pinyin) -> None:
    assert {"huchangchun", "changchun"} <= set(pinyin.name_terms("胡长春讲话"))


def test_characters_with_several_readings_are_given_in_each(pinyin: Pinyin) -> None:
    assert {"zengguofan", "cengguofan"} <= set(pinyin.name_terms("曾国藩"))


def test_ordinary_words_have_no_terms(pinyin: Pinyin) -> None:
    assert pinyin.name_terms("调解成功率是多少") == []
    assert pinyin.name_terms("no Chinese") == []
    assert pinyin.name_terms("") == []


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("What did Hu Changchun say?", "huchangchun"),
        ("What did Changchun Hu say?", "huchangchun"),
        ("Who lives in Zhu Zhou?", "zhuzhou"),
        ("Prosecutors in You County", "youxian"),
        ("youxian community corrections", "youxian"),
        ("the court in Yanling County", "yanlingxian"),
        ("Wer ist der Parteisekretär von Zhuzhou?", "zhuzhou"),
        ("Zhūzhōu's police", "zhuzhou"),
        ("the road to Xi'an", "xian"),
        ("in Lüliang", "luliang"),
        ("in Lvliang", "luliang"),
        ("hu changchun", "changchun"),
    ],
)
def test_names_in_latin_letters(pinyin: Pinyin, question: str, term: str) -> None:
    terms = [term for group in _asked(pinyin, question).values() for term in group]
    if term == "xian":
        # One syllable as it stands: Xi'an is in the dictionary, its sound would match 县 as well.
        assert terms == []
    else:
        assert term in terms


@pytest.mark.parametrize(
    "question",
    [
        "Can he change the police?",
        "How long did the men dance in a canoe?",
        "HOW LONG CAN HE RUN",
        "que tu le dice a la",
        "Denver and Tesla",
        "12.5 %",
        "",
    ],
)
def test_ordinary_words_are_not_taken_for_names(pinyin: Pinyin, question: str) -> None:
    assert pinyin.query_terms(question) == ()


def test_misspelt_names_in_chinese_sound_right(pinyin: Pinyin) -> None:
    assert _asked(pinyin, "炎凌县调解成功率是多少？") == {"炎凌县": ["yanlingxian", "yanling"]}
    assert _asked(pinyin, "礼陵市有多少摄像头") == {"礼陵市": ["lilingshi", "liling"]}
    assert "huchangchun" in _asked(pinyin, "胡常春担心什么")["胡常春"]
    assert _asked(pinyin, "炎凌有好些小区") == {"炎凌": ["yanling"]}


@pytest.mark.parametrize(
    ("text", "term", "heard"),
    [
        ("县里在丰乐社区建起车间", "fengle", True),
        ("金聲戲院建於民國46年", "jinsheng", True),
        ("西安的古城墙", "xian", True),
        ("丰收的快乐", "fengle", False),
        ("The Fengle estate", "fengle", False),
        ("", "fengle", False),
    ],
)
def test_a_name_is_heard_where_the_segmenter_knows_none(pinyin: Pinyin, text: str, term: str, heard: bool) -> None:
    assert pinyin.heard(text, [["beijing"], [term]]) == (False, heard)


def test_names_that_the_segmenter_knows_count_less_than_unknown_ones(pinyin: Pinyin) -> None:
    (known,) = pinyin.query_terms("炎陵县")
    (unknown,) = pinyin.query_terms("炎凌县")
    assert known.weight < unknown.weight == 1.0
    assert known.terms == unknown.terms
    assert [term.weight for term in unknown.terms] == [1.0, 0.7]


def test_a_misspelt_name_finds_its_text(pinyin: Pinyin) -> None:
    texts = ["攸县公安局", "炎陵县司法局", "醴陵市法院", "胡长春走访企业"]
    index = LexicalIndex.build([pinyin.name_terms(text) for text in texts])
    best = []
    for question in ("幽县", "炎凌", "礼陵市", "Hu Changchun"):
        groups = [
            SynonymGroup(tuple(WeightedTerm(t.term, t.weight) for t in group.terms), group.weight)
            for group in pinyin.query_terms(question)
        ]
        best.append(int(index.groups_scores(groups).scores.argmax()))
    assert best == [0, 1, 2, 3]


def test_a_kept_table_gives_what_a_new_one_gives(pinyin: Pinyin) -> None:
    text = "记者贺天鸿在炎陵县、茶陵县和渌口区采访"
    assert Pinyin.load(None).name_terms(text) == pinyin.name_terms(text)


def test_odd_questions_are_answered(pinyin: Pinyin) -> None:
    assert pinyin.query_terms("\ud800\U0002a6a5") is not None
    assert pinyin.query_terms("zhou " * 2000) is not None
    assert pinyin.query_terms("aeo" * 3000) == ()


def test_syllables_are_cut_into_as_few_as_can_be() -> None:
    assert cut_syllables("zhuzhou") == ("zhu", "zhou")
    assert cut_syllables("changchun") == ("chang", "chun")
    assert cut_syllables("emei") == ("e", "mei")
    assert cut_syllables("court") is None
    assert cut_syllables("geo") is None
    assert {"zhuang", "nue", "er", "a"} <= SYLLABLES
    assert "" not in SYLLABLES


@pytest.mark.parametrize(
    ("written", "plain"),
    [("Lǚ", "lu"), ("lü4", "lu"), ("nu:3", "nu"), ("lyu", "lu"), ("Lanyu", "lanyu"), ("Xī'ān", "xian")],
)
def test_one_form_for_all_spellings(written: str, plain: str) -> None:
    assert plain_pinyin(written) == plain


@pytest.mark.parametrize(
    ("question", "sound"),
    [
        ("Combien d'affaires dans le comté de You ?", "youxian"),
        ("Wer leitet den Kreis Yanling?", "yanlingxian"),
        ("¿Dónde está la ciudad de Zhuzhou?", "zhuzhoushi"),
        ("Сколько дел в уезде Юсянь?", "youxian"),
        ("옌링현에서 몇 건", "yanlingxian"),
    ],
)
def test_names_of_other_languages_have_their_sound(pinyin: Pinyin, question: str, sound: str) -> None:
    assert sound in {term.term for group in pinyin.query_terms(question) for term in group.terms}
