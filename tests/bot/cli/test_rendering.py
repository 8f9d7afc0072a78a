from bot.cli.rendering import render_answer, render_excerpt, render_place, render_quote
from bot.cli.terminal import Style
from bot.wording import messages
from retrieval.types import Answer, AnswerStatus, Context, Quote, Span

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
        "“夯实基层” · 株洲日报 · 2021-11-10 · page B1",
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
    assert (
        render_answer(Answer(AnswerStatus.NOT_FOUND, "q", "ja"), PLAIN) == "The archive does not answer this question."
    )
    shown = render_answer(Answer(AnswerStatus.NOT_FOUND, "q", "zh-Hant", near_misses=(_quote(),)), PLAIN).splitlines()
    assert shown[:4] == ["档案里没有找到这个问题的答案。", "", "相近的内容（不是答案）：", f"- {TEXT}"]


def test_a_name_that_a_terminal_would_obey() -> None:
    context = Context(title="\x1b[2J标题\n", publication="\x9b31m报", date="\x07")
    assert render_place(_quote(context=context), messages("zh"), PLAIN) == ["《标题》 · 报", "003.txt:35"]
