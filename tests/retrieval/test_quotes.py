import json
import re
import string
from collections.abc import Iterator, Sequence
from itertools import count as count_up
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from retrieval import Archive, Turn
from tests.retrieval.samples import assert_stands, given_quotes, write_files

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "quality" / "questions.jsonl"

# Files that hold nothing to quote, or nothing that is text.
_REFUSED = re.compile("the file is empty|the file holds only blanks|control characters")
_NUMBERS = count_up()

LINE_ENDS = ("\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\n" * 40, "\x0c", "\u2028", "\x85", "\x0b")
WORDS = (
    "炎陵县", "调解成功率", "达到99.3%。", "法院，", "記者：陳小明", "　　", "（一）",
    "\u201c\u4f60\u597d\uff01\u201d\u4ed6\u8bf4\u3002", "《条例》", "court", "mediated 312 disputes. ",
    "U.S. Dr. Smith", "\u2026", "\u2014\u2014", "。。。", "、", " ", "\t", "𠀀𪛖𫝀",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "🇨🇳👍🏽", "e\u0301\u0323", "\u0301", "שלום", "مرحبا ١٢",
    "\u202eabc\u202c", "\u200b", "\u200d", "\ufeff", "\xad", "ｶﾀｶﾅ", "서울", "ไทย", "| 甲 | 乙 |",
    "|---|---|", "# 标题", "* ", "1.", "<b>&amp;", "\x1b[1m", "ﬁ½㎏", "İ", "ß", "ŉ", "●", "□",
    "责任编辑：王五", "2021年11月22日 星期一", "A1版", "■ 本报记者", "（下转A2版）", "◎", "(", "\u201c",
    "第一章",
)  # fmt: skip
LETTERS = st.characters(exclude_categories=("Cs", "Cc"))


def line() -> st.SearchStrategy[str]:
    pieces = st.lists(st.one_of(st.sampled_from(WORDS), st.text(LETTERS, max_size=6)), max_size=8)
    return st.tuples(pieces, st.sampled_from((1, 1, 1, 1, 30))).map(lambda pair: "".join(pair[0]) * pair[1])


def document() -> st.SearchStrategy[str]:
    lines = st.lists(st.tuples(line(), st.sampled_from(LINE_ENDS)).map("".join), min_size=1, max_size=14)
    return st.tuples(st.sampled_from(("", "", "\ufeff")), lines).map(lambda pair: pair[0] + "".join(pair[1]))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Iterator[tuple[Archive, Path]]:
    """Give an archive, and the folder whose files it is made equal to for each example."""
    folder = tmp_path_factory.mktemp("quotes")
    with Archive.open(folder / "archive", create=True, cache=encoder_cache) as archive:
        yield archive, folder / "files"


def ask_all(archive: Archive, files: Path, texts: Sequence[str], questions: Sequence[str]) -> int:
    """Ask questions of an archive of just these texts, check every quote, and count them."""
    # New names: of a file that cannot be read any more the archive keeps what it had.
    names = [f"{next(_NUMBERS)}.txt" for _ in texts]
    report = archive.sync([write_files(files, dict(zip(names, texts, strict=True)))])
    assert all(_REFUSED.search(failure.reason) for failure in report.failures), report.failures
    # A file with the bytes of one that was there before is that one under a new name.
    taken_in = [*report.added, *(rename.source for rename in report.renamed)]
    assert sorted(info.source for info in archive.documents()) == sorted(taken_in)
    count = 0
    for question in questions if taken_in else ():
        for quote in given_quotes(archive.ask(question, top=50)):
            # A byte order mark at the very beginning says how a file is written, and is not part of its text.
            assert_stands(quote, (files / quote.source).read_bytes().decode("utf-8").removeprefix("\ufeff"))
            count += 1
    return count


@settings(
    max_examples=12,
    deadline=None,
    # Making a failing example smaller would build hundreds of archives.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(one=document(), other=document())
@example(one="短句。" + " " * 500 + "另一句。\n", other="一。\n")
@example(one="炎陵县调解成功率99%。\n" + "\u3000" * 390 + "好。\n", other="第一句！\n\n\n\n\n第二句？")
def test_every_quote_stands_in_any_document(workshop: tuple[Archive, Path], one: str, other: str) -> None:
    archive, files = workshop
    ask_all(archive, files, (one, other), ("炎陵县的调解成功率是多少？", "who are the editors and when?", "谁写的"))


@pytest.mark.parametrize(
    "text",
    [
        "炎陵县的调解" + "成功率" * 5000,
        "a" * 20_000,
        "word " * 4000,
        "𠀀" * 3000 + "。",
        "e\u0301" * 2000,
        "\n" * 3000 + "调解成功率99%。" + "\n" * 3000 + "完。",
        "调解。" + " " * 2000 + "成功率99%。" + "\u3000" * 1000 + "完。\n",
        "调解" + " " * 350 + "成功率99%。" + " " * 60 + "好。\n",
        "调解成功率99%。\r" * 200,
        "| 县 | 率 |\r\n|---|---|\r\n" + "| 炎陵 | 99% |\r\n" * 300,
        "第一栏\x0c调解成功率99%\x0c第三栏",
        "。" * 3000 + "调解",
        "（" * 500 + "调解" + "）" * 500,
        "“" + "调解成功。" * 200,
        "\ufeff\ufeff调解成功率99%。",
        "\u202e调解成功率99%\u202c。\u200b" * 60,
    ],
    ids=[
        "one line", "one word", "words", "extension B", "combining", "blank lines", "blanks", "blanks within",
        "returns", "table", "form feeds", "full stops", "brackets", "open quotation", "two marks",
        "right to left",
    ],
)  # fmt: skip
def test_every_quote_stands_in_odd_documents(workshop: tuple[Archive, Path], text: str) -> None:
    archive, files = workshop
    questions = ("炎陵县的调解成功率是多少？", "调解", "word a e")
    assert ask_all(archive, files, (text,), questions) >= len(questions)


def seed_questions() -> Iterator[tuple[str, tuple[Turn, ...]]]:
    for row in QUESTIONS.read_text(encoding="utf-8").splitlines():
        entry = json.loads(row)
        yield entry["question"], tuple(Turn(_asked(turn)) for turn in entry["history"])


def _asked(turn: object) -> str:
    return str(turn["question"]) if isinstance(turn, dict) else str(turn)


def test_every_quote_and_highlight_stands_for_questions_of_every_kind_on_the_seeds(seeds_archive: Archive) -> None:
    texts = {file.name: file.read_bytes().decode("utf-8") for file in (ROOT / "seeds").glob("*.txt")}
    assert len(texts) == 5
    # Every fourth: questions of a kind and language stand together in the file.
    questions = list(seed_questions())[::4]
    assert len(questions) >= 60
    count = highlighted = 0
    for question, history in questions:
        answer = seeds_archive.ask(question, history, top=3)
        quotes = given_quotes(answer)
        # What is no question gets a reply and no quote.
        assert len(quotes) <= 3
        assert bool(quotes) == (answer.reply is None)
        for quote in quotes:
            assert_stands(quote, texts[quote.source])
            parts = [segment.text for segment in quote.segments() if segment.highlighted]
            assert all(part.strip(string.whitespace + "\u3000") for part in parts)
            highlighted += bool(parts)
            count += 1
    assert count > len(questions)
    assert highlighted > len(questions) / 2
