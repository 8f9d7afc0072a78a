import pytest

from bot.cli.rendering import render_answer, render_excerpt, render_place, render_quote
from bot.cli.terminal import Style
from bot.wording import LANGUAGES, messages
from retrieval.types import (
    Answer,
    AnswerStatus,
    Arrangement,
    Context,
    Missing,
    MissingKind,
    Quote,
    ReplyKind,
    Span,
    Summary,
)

PLAIN, COLOR = Style(color=False), Style(color=True)
TEXT = "调处纠纷917件，调解成功率99%。"


def _quote(
    text: str = TEXT, *, words: str = "99%", lines: tuple[int, int] = (35, 35), context: Context | None = None
) -> Quote:
    start = text.index(words)
    return Quote(
        text=text,
        source="003.txt",
        document_id="d",
        spans=(Span(100, 100 + len(text)),),
        lines=lines,
        highlights=(Span(100 + start, 100 + start + len(words)),),
        score=1.0,
        context=context
        or Context(title="页", article="夯实基层", publication="株洲日报", date="2021-11-10", page="B1"),
    )


def test_a_quote_on_paper() -> None:
    assert render_quote(_quote(), messages("zh"), PLAIN).splitlines() == [
        TEXT,
        "→ 99%",
        "《夯实基层》 · 株洲日报 · 2021年11月10日 · 第B1版",
        "003.txt:35",
    ]


def test_a_quote_on_a_terminal() -> None:
    assert render_quote(_quote(), messages("en"), COLOR).splitlines() == [
        "调处纠纷917件，调解成功率\x1b[1;4m99%\x1b[0m。",
        "“夯实基层” · 株洲日报 · 10 November 2021 · page B1",
        "\x1b[2m003.txt:35\x1b[0m",
    ]


def test_a_place_that_says_little() -> None:
    assert render_place(_quote(lines=(3, 5), context=Context()), messages("zh"), PLAIN) == ["003.txt:3-5"]


def test_a_long_excerpt_keeps_the_words_that_answer() -> None:
    text = "前" * 200 + "99%" + "后" * 200
    shown = render_excerpt(_quote(text), messages("zh"), COLOR).splitlines()[0]
    before, words, after = shown.removeprefix("- ").replace("\x1b[0m", "\x1b[1;4m").split("\x1b[1;4m")
    assert (before[0], words, after[-1]) == ("…", "99%", "…")
    assert set(before[1:]) == {"前"}
    assert set(after[:-1]) == {"后"}
    assert len(before) + len(words) + len(after) == 92


def test_an_excerpt_at_either_end_marks_one_side_only() -> None:
    assert render_excerpt(_quote("99%" + "后" * 200), messages("zh"), PLAIN).splitlines()[0] == f"- 99%{'后' * 87}…"
    assert render_excerpt(_quote("前" * 200 + "99%"), messages("zh"), PLAIN).splitlines()[0] == f"- …{'前' * 87}99%"


def test_an_excerpt_is_one_line() -> None:
    assert render_excerpt(_quote("一\n二\r\n99%"), messages("zh"), PLAIN).splitlines()[0] == "- 一 二 99%"


def test_an_answer_in_order() -> None:
    answer = Answer(AnswerStatus.ANSWERED, "q", "zh", quotes=(_quote(), _quote("另有99%。")))
    assert render_answer(answer, PLAIN).split("\n\n")[1].splitlines()[:2] == ["其他出处：", "- 另有99%。"]


def test_not_found_with_and_without_near_misses() -> None:
    assert render_answer(Answer(AnswerStatus.NOT_FOUND, "q", "ja", probability=0.05), PLAIN).splitlines() == [
        "アーカイブにはこの質問への答えが見つかりません。",
        "アーカイブに答えがある確率：5%",
    ]
    answer = Answer(AnswerStatus.NOT_FOUND, "q", "zh-Hant", near_misses=(_quote(),), probability=0.1)
    assert render_answer(answer, PLAIN).splitlines()[:5] == [
        "檔案裡沒有找到這個問題的答案。",
        "檔案能回答的機率：10%",
        "",
        "相近的內容（不是答案）：",
        f"- {TEXT}",
    ]


def test_not_found_says_what_is_missing() -> None:
    missing = (
        Missing(MissingKind.YEAR, "2022", ("2021", "2023")),
        Missing(MissingKind.PLACE, "Chaling\x07"),
        Missing(MissingKind.NAME, "王五", ("李四",)),
    )
    answer = Answer(AnswerStatus.NOT_FOUND, "q", "en", missing=missing)
    assert render_answer(answer, PLAIN).splitlines()[1:4] == [
        "The archive says nothing on this for 2022; it has 2021, 2023.",
        "The archive says nothing on this about Chaling.",
        "The archive does not have the name 王五 in this matter; it names 李四.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ReplyKind)
def test_what_is_no_question_gets_a_reply_and_nothing_else(language: str, kind: ReplyKind) -> None:
    shown = render_answer(Answer(AnswerStatus.NOT_FOUND, "q", language, reply=kind), PLAIN)
    assert shown == messages(language).texts[f"reply_{kind.value}"]


def test_the_completed_question_comes_first() -> None:
    answer = Answer(AnswerStatus.ANSWERED, "那攸县呢", "zh", quotes=(_quote(),), understood_as="攸县的成功率\n是多少？")
    assert render_answer(answer, PLAIN).splitlines()[:3] == ["理解为：攸县的成功率 是多少？", "", TEXT]


@pytest.mark.parametrize(
    ("arrangement", "total", "heading"),
    [
        (Arrangement.COMPARISON, 0, "What the archive says of each:"),
        (Arrangement.DISAGREEMENT, 0, "The sources disagree; each says:"),
        (Arrangement.COLLECTION, 0, "These passages answer together:"),
        (Arrangement.COLLECTION, 1400, "1,400 in all; shown here: 2"),
    ],
)
def test_quotes_that_belong_together_are_whole(arrangement: Arrangement, total: int, heading: str) -> None:
    quotes = (_quote(), _quote("另有99%。"))
    answer = Answer(AnswerStatus.ANSWERED, "q", "en", quotes=quotes, arrangement=arrangement, total=total)
    shown = render_answer(answer, PLAIN).split("\n\n")
    assert shown[0] == heading
    assert [part.splitlines()[0] for part in shown[1:]] == [TEXT, "另有99%。"]


def test_a_summary_stands_above_its_quotes() -> None:
    summary = Summary((("The rate was 99%.", (1, 2)),), dropped=1)
    answer = Answer(AnswerStatus.ANSWERED, "q", "en", quotes=(_quote(),), summary=summary)
    shown = render_answer(answer, PLAIN).splitlines()
    assert shown[1:5] == [
        "The rate was 99%. [1][2]",
        "1 sentence was left out because the quotes do not bear it out.",
        "",
        TEXT,
    ]


def test_a_name_that_a_terminal_would_obey() -> None:
    context = Context(title="\x1b[2J标题\n", publication="\x9b31m报", date="\x07")
    assert render_place(_quote(context=context), messages("zh"), PLAIN) == ["《标题》 · 报", "003.txt:35"]
