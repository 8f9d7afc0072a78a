import pytest

from retrieval.answering.fields import credited, field_value
from retrieval.language.folding import fold

MINUTES = "时间：2019年8月20日上午9时\n地点：青石镇政府三楼会议室\n主持人：吴建国记录：陈晓梅"
IMPRINT = "电话:22593799 2021年11月24日 星期三 责任编辑:齐卫国 美术编辑:赵强 校对:\n杨卓"
ENGLISH = "The Millbrook Herald\nThursday, 14 May 2020   Page 3   Editor: Ruth Calloway"


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("责任编辑是谁", IMPRINT, "齐卫国"),
        ("编辑是哪位", IMPRINT, "齐卫国"),
        ("美编是谁", IMPRINT, "赵强"),
        ("美術編集は誰ですか", IMPRINT, "赵强"),
        ("Who proofread the page?", IMPRINT, "杨卓"),
        ("电话号码是多少", IMPRINT, "22593799"),
        ("那期报纸是星期几出的", IMPRINT, "星期三"),
        ("会议是谁主持的", MINUTES, "吴建国"),
        ("谁记录的", MINUTES, "陈晓梅"),
        ("会议在什么地点", MINUTES, "青石镇政府三楼会议室"),
        ("Who was the editor?", ENGLISH, "ruth calloway"),
        ("On which day of the week was it printed?", ENGLISH, "thursday"),
    ],
)
def test_the_value_is_that_of_the_label_which_is_asked_for(question: str, text: str, value: str) -> None:
    folded = fold(text)
    found = field_value(fold(question), folded)
    assert found is not None
    assert folded[slice(*found)] == value


@pytest.mark.parametrize("question", ["谁写的", "调解成功率是多少", "Who wrote the article?", ""])
def test_a_question_for_something_else_has_no_value(question: str) -> None:
    assert field_value(fold(question), fold(IMPRINT)) is None
    assert field_value(fold(question), "") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("石峰交警救助走失的老人。记者/沈全华 通讯员/胡胜兰 摄", "沈全华 通讯员/胡胜兰"),
        ("工人鋸開倒在路上的榕樹。（劉志成攝）", "刘志成"),
        ("市民在散步。 陈静 摄", "陈静"),
        ("居民在公园散步。桃源日报全媒体记者/谢文亮 摄", "谢文亮"),
        ("图为演出现场。（县委宣传部 提供）", "县委宣传部"),
        ("文/本报记者 鲍晓薇 图/本报记者 沙宏", "沙宏"),
        ("People at Askrigg Bridge. Photo: Jean Alderson", "jean alderson"),
        ("The mayor cut the ribbon (Photo by Dana Whitlock)", "dana whitlock"),
        ("개관식 모습. 사진=김철수", "김철수"),
    ],
)
def test_a_caption_or_byline_credits_who_took_the_picture(text: str, names: str) -> None:
    folded = fold(text)
    found = credited(folded)
    assert found is not None
    assert folded[slice(*found)] == names


@pytest.mark.parametrize(
    "text", ["警方共抓拍摄像头67个。", "会议现场。", "记者 李明", "The photo shows the bridge.", ""]
)
def test_what_credits_nobody_has_no_names(text: str) -> None:
    assert credited(fold(text)) is None
