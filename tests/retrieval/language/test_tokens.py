import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.tokens import bigrams, meaningful_words, phrases, stem, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n，。!", []),
        ("調解成功率", ["调解", "成功", "功率", "成功率"]),
        ("The court's 312 disputes", ["the", "court", "s", "312", "disputes"]),
        ("don't U.S. co-operate", ["don", "t", "u", "s", "co", "operate"]),
        ("27,8120件", ["278120", "件"]),
        ("99.3%", ["99.3%", "99.3"]),
        ("９９％", ["99%", "99"]),
        ("カタカナ", ["カタ", "タカ", "カナ"]),
        ("법원은 사건을", ["법원", "원은", "사건", "건을"]),
        ("Суд рассмотрел", ["суд", "рассмотрел"]),
        ("法院court法院", ["法院", "court", "法院"]),
        ("A1版", ["a1", "版"]),
        ("𠀀", ["𠀀"]),
        ("😀", []),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("调解成功率", ["调解", "解成", "成功", "功率"]),
        ("調", ["调"]),
        ("攸县，株洲", ["攸县", "株洲"]),
        ("court 12%", ["court", "12%", "12"]),
        ("日本のテスト", ["日本", "のテ", "テス", "スト"]),
        ("서울", ["서울"]),
    ],
)
def test_bigrams(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("调解成功率是多少", ["调解", "成功", "功率", "成功率", "多少"]),
        ("The court court of 312 ab", ["the", "court"]),
        ("법원에서 사건을 서울", ["법원", "사건", "서울"]),
        ("テストを行った", ["テスト"]),
        ("ひらがな", []),
        ("ヴィラのビル", ["ヴィラ", "ビル"]),
        ("12 %", []),
    ],
)
def test_meaningful_words(text: str, expected: list[str]) -> None:
    assert meaningful_words(text) == expected


@given(st.text())
def test_pieces_are_never_blank_and_the_same_each_time(text: str) -> None:
    for cut in (words, bigrams, meaningful_words):
        pieces = cut(text)
        assert all(piece and not piece.isspace() for piece in pieces)
        assert cut(text) == pieces
    assert len(set(meaningful_words(text))) == len(meaningful_words(text))


@given(st.text(st.sampled_from("调解成功率株洲市炎陵县县长。， a1"), max_size=30))
def test_a_text_shares_words_with_a_longer_one_around_it(text: str) -> None:
    assert set(bigrams(text)) <= set(bigrams(f"前 {text} 后"))
    assert set(words(text)) <= set(words(f"前 {text} 后"))


def test_stems_bring_inflected_forms_together() -> None:
    assert stem("mediation") == stem("mediated") == "media"
    assert stem("судебный") == stem("судебная")
    assert stem("cases") == "case"
    assert stem("1926") == "1926"
    assert bigrams("mediated cases") == ["media", "case"]


def test_phrases_are_runs_of_characters_or_pairs_of_words() -> None:
    assert phrases("调解成功 warsaw university  press") == ["调解成", "解成功", "warsaw university"]
    assert phrases("a") == []
