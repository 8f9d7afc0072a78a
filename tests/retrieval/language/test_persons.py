import pytest

from retrieval.language.persons import find_persons, tag_words


def _persons(text: str) -> list[tuple[str, bool]]:
    return [(text[name.start : name.end], name.joined) for name in find_persons(tag_words(text))]


@pytest.mark.parametrize("text", ["颜水龙在1934年", "株洲市  株洲縣。\n", "Hu Changchun 胡长春", ""])
def test_words_cover_the_text(text: str) -> None:
    words = tag_words(text)
    assert [word.start for word in words] == [0, *(word.end for word in words)][: len(words)]
    assert sum(len(word.text) for word in words) == len(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("画家颜水龙在台北", "颜水龙"),
        ("画家顏水龍在台北", "顏水龍"),
        ("市长胡长春说", "胡长春"),
        ("刺史冯黎明来了", "冯黎明"),
        ("记者钟某某", "钟某某"),
    ],
)
def test_a_surname_left_apart_is_joined_with_what_follows(text: str, name: str) -> None:
    assert _persons(text) == [(name, True)]


def test_a_name_that_is_one_word_is_given_as_it_is() -> None:
    assert _persons("市委书记曹慧泉讲话") == [("曹慧泉", False)]


@pytest.mark.parametrize(
    "text",
    ["金的价格", "尔银行", "王和", "王，来了", "王 明天", "王abc", "李乌鲁木齐", "调解成功率是多少", "王"],
)
def test_no_name_is_made_of_what_is_none(text: str) -> None:
    assert _persons(text) == []
