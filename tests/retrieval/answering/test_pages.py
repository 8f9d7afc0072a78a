"""Questions about the page that an article stands on: its day, its title, its author."""

from pathlib import Path

import pytest

from retrieval import Answer, Archive, Turn
from tests.retrieval.samples import write_files

_SPRING = """桃源日报

2022年3月5日 星期六 责任编辑:周海 校对:李明

# 山村通了自来水

桃源日报记者/何秀英

桃源县今年为六个山村铺设了自来水管道,四千多名村民喝上了干净的水。工程历时五个月,总投资三百二十万元。
"""
_AUTUMN = """桃源日报

2022年9月17日 星期六 责任编辑:赵平 校对:孙丽

# 老渡口修成了公园

桃源日报记者/田文军

县城东边的老渡口今年改建成一座公园,沿河修了两公里步道,种下一千二百棵树。每到傍晚,不少居民来这里散步。

居民在老渡口公园散步。桃源日报记者/谢文亮 摄
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Archive:
    folder = tmp_path_factory.mktemp("pages")
    files = write_files(folder / "files", {"spring.txt": _SPRING, "autumn.txt": _AUTUMN})
    with Archive.open(folder / "archive", create=True, cache=encoder_cache) as built:
        built.sync([files])
    return Archive.open(folder / "archive", cache=encoder_cache)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("登自来水工程那篇报道的报纸是哪天出的?", "2022年3月5日"),
        ("渡口改公园那篇文章登在哪天的报纸上?", "2022年9月17日"),
        ("9月17日那一版的校对是谁?", "校对:孙丽"),
        ("Who proofread the page of 5 March 2022?", "校对:李明"),
        ("渡口改成公园的那篇报道是谁写的?", "田文军"),
        ("何秀英那篇文章的标题是什么?", "山村通了自来水"),
        ("田文军写的那篇报道题目叫什么?", "老渡口修成了公园"),
        ("渡口改成公园的那篇报道,照片是谁拍的?", "谢文亮"),
    ],
)
def test_a_question_about_a_page_finds_the_article_that_it_means(archive: Archive, question: str, told: str) -> None:
    assert told in _first(archive.ask(question))


@pytest.mark.parametrize(
    "question", ["谁拍的？", "Who took the photo?", "写真は誰が撮りましたか？", "Qui a pris la photo ?"]
)
def test_who_took_a_picture_is_told_of_the_article_that_is_talked_about(archive: Archive, question: str) -> None:
    earlier = "老渡口公园种下多少棵树？"
    answer = archive.ask(question, history=[Turn(earlier, _first(archive.ask(earlier)))])
    marked = [segment.text for segment in answer.quotes[0].segments() if segment.highlighted]
    assert marked == ["谢文亮"]


def test_a_question_about_no_page_is_not_answered_from_one(archive: Archive) -> None:
    assert "三百二十万元" in _first(archive.ask("自来水工程一共投资多少钱?"))


def _first(answer: Answer) -> str:
    assert answer.quotes, answer
    return answer.quotes[0].text
