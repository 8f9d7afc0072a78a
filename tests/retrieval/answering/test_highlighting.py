import pytest

from retrieval.answering.highlighting import highlight
from retrieval.search import analyse
from retrieval.types import Span


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("炎陵县的调解成功率是多少？", "调处各类矛盾纠纷917件,调解成功900件,调解成功率99%。", "99%"),
        ("一共调处了多少件矛盾纠纷？", "调处各类矛盾纠纷917件,调解成功率99%。", "917件"),
        ("会议是哪天召开的？", "3月4日,全市司法行政工作会议召开。", "3月4日"),
        ("三家通讯公司是哪些？", "引导支持移动、联通、电信三家通讯公司", "引导支持移动、联通、电信三家通讯公司"),
    ],
)
def test_the_words_that_answer_are_marked(question: str, text: str, answer: str) -> None:
    spans = highlight(analyse(question), text, [Span(100, 100 + len(text))])
    assert [text[span.start - 100 : span.end - 100] for span in spans] == [answer]


def test_a_highlight_over_a_cut_has_a_piece_on_each_side() -> None:
    text = "全面提升政法队伍专业化水平"
    spans = highlight(analyse("怎样提升队伍"), text, [Span(0, 12), Span(20, 21)])
    assert "".join(text[:12][s.start : s.end] if s.end <= 12 else text[12] for s in spans) == text
