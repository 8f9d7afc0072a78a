import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold, to_simplified, to_traditional


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("Court", "court"),
        ("ＣＯＵＲＴ　１２％，", "court 12%,"),
        ("炎陵縣調解成功率", "炎陵县调解成功率"),
        ("繁體與简体", "繁体与简体"),
        ("頭髮 發現 乾淨 乾隆", "头发 发现 干净 乾隆"),
        ("СУД Ёлка", "суд ёлка"),
        ("ÄÖÜ Éa", "äöü éa"),
        ("ΣΟΦΟΣ", "σοφοσ"),
        ("ｶ", "カ"),
        ("①", "1"),
        # What would become several characters keeps its place.
        ("Straße", "straße"),
        ("ﬁ", "ﬁ"),
        ("İx", "İx"),
        ("½㎏", "½㎏"),
        ("ﷺ", "ﷺ"),
        ("👍🏽", "👍🏽"),
        ("𠀀𪜀", "𠀀𪜀"),
        ("𝒳", "x"),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_every_character_keeps_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(st.sampled_from("乾隆髮發头干後后里裡麵面範围台灣臺湾於于著着A１ ")))
def test_every_chinese_character_keeps_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_every_character_there_is_folds_to_one() -> None:
    kinds = ("Lo", "Ll", "Lu", "Lt", "Lm", "No", "So")
    characters = [chr(code) for code in (*range(0x3400), *range(0xD7A4, sys.maxunicode + 1))]
    characters = [character for character in characters if unicodedata.category(character) in kinds]
    # Together, which takes a tenth of the time; the blank between two keeps them apart.
    for character, folded in zip(characters, fold(" ".join(characters)).split(" "), strict=True):
        assert len(folded) == 1, hex(ord(character))


def test_traditional_and_simplified_writing_fold_to_the_same() -> None:
    for text in ("株洲市人民法院调解纠纷三百一十二件", "发动群众预防矛盾", "台风与面条"):
        assert fold(to_traditional(text)) == fold(text)
        assert to_simplified(to_traditional(text)) == text


def test_japanese_characters_fold_to_the_chinese_ones() -> None:
    assert fold("炎陵県の検察 発行 団体 経済") == fold("炎陵縣の檢察 發行 團體 經濟") == "炎陵县の检察 发行 团体 经济"
    assert fold("芸香 缶 弁") == "芸香 缶 弁"
