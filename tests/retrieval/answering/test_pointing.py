from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval import Archive
from retrieval.answering.asking import QUESTION, asked_text
from retrieval.answering.marks import ASKED, foreign_marks, marks_of
from retrieval.answering.pointer import Pointer, load_pointer
from retrieval.answering.reader import sentence_ranges
from retrieval.answering.selection import SELECTING, choose, load_selector
from retrieval.answering.text_units import FIXED, TextUnits
from retrieval.index import LexicalIndex
from retrieval.language.tokens import bigrams, words
from retrieval.search import analyse
from retrieval.search.question_terms import QuestionTerms
from tests.retrieval.samples import highlighted, write_files

TEXTS = (
    "炎陵县去年调处各类矛盾纠纷917件,调解成功900件,调解成功率99%。群众满意度继续上升。",
    "3月4日,全市司法行政工作会议召开。会议由局长李明主持。",
    "渌江全长一百六十六公里。河水在夏天最高,渡口因此关闭。",
)
ALL = "\n\n".join(TEXTS)


def terms(question: str) -> QuestionTerms:
    return QuestionTerms.of(
        analyse(question),
        LexicalIndex.build((words(text) for text in TEXTS), k1=0.9, b=0.4),
        LexicalIndex.build((bigrams(text) for text in TEXTS), k1=0.9, b=0.4),
        (),
        (),
    )


@pytest.fixture(scope="module")
def archive_path(tmp_path_factory: pytest.TempPathFactory, encoder_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("pointing")
    files = write_files(folder / "texts", {f"{number}.txt": text for number, text in enumerate(TEXTS)})
    with Archive.open(folder / "archive", create=True, cache=encoder_cache) as archive:
        archive.sync([files])
    return folder / "archive"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("炎陵县的调解成功率是多少？", "99%"),
        ("炎陵县一共调处了多少件矛盾纠纷？", "917件"),
        ("全市司法行政工作会议是哪天召开的？", "3月4日"),
        ("渌江全长多少公里？", "一百六十六公里"),
        ("会议由谁主持？", "李明"),
    ],
)
def test_the_words_that_answer_are_marked(archive_path: Path, encoder_cache: Path, question: str, answer: str) -> None:
    with Archive.open(archive_path, cache=encoder_cache) as archive:
        found = archive.ask(question, top=1)
    marked = highlighted((found.quotes or found.near_misses)[0])
    assert answer in marked
    assert len(marked) <= len(answer) + 8


def test_a_text_is_cut_into_characters_words_and_numbers() -> None:
    units = TextUnits.of("共917件, GDP增長 3.5%。", [(0, 18)])
    assert units.names == ("共", "<3>", "件", ",", "<latin>", "增", "长", "<decimal>", "%", "。")
    assert [units.folded[a:b] for a, b in zip(units.starts, units.ends, strict=True)][1] == "917"
    assert units.fixed.shape == (10, len(FIXED))
    assert units.fixed[1, FIXED.index("number")] == 1.0
    assert units.fixed[0, FIXED.index("sentence_begins")] == 1.0
    assert units.fixed[9, FIXED.index("sentence_ends")] == 1.0


def test_marks_tell_where_the_question_speaks() -> None:
    units = TextUnits.of(TEXTS[0], [(0, len(TEXTS[0]))])
    asked = terms("炎陵县的调解成功率是多少？")
    marks = marks_of(asked, units)
    at = units.folded.index("成功率")
    row = int(np.searchsorted(units.starts, at))
    assert marks[row, ASKED.index("word")] > 0.5
    assert marks[row + 3, ASKED.index("left")] > marks[row + 8, ASKED.index("left")] > 0
    number = int(np.searchsorted(units.starts, units.folded.index("99")))
    assert marks[number, ASKED.index("unit")] == 1.0
    assert marks[number, ASKED.index("fits")] == 1.0
    turned = foreign_marks(marks)
    assert turned[row, ASKED.index("word")] == 0.0
    assert turned[row, ASKED.index("neighbour")] == marks[row, ASKED.index("word")]


def test_a_question_in_another_language_asks_in_chinese_words() -> None:
    asked = asked_text(terms("Wer leitete die Sitzung?"))
    assert asked.names[-1] == "谁"
    assert asked.facts[QUESTION.index("person")] == 1.0
    assert asked.facts[QUESTION.index("spoken")] == 0.0


def test_no_run_crosses_a_sentence() -> None:
    cut = TEXTS[1].index("。") + 1
    units = TextUnits.of(TEXTS[1], [(0, cut), (cut, len(TEXTS[1]))])
    pointer = load_pointer()
    asked = terms("会议由谁主持？")
    scores = pointer.scores(asked_text(asked), units, marks_of(asked, units))
    assert scores.shape == (len(units), pointer.longest)
    last = int(np.flatnonzero(units.sentence == 0)[-1])
    assert scores[last, 0] > -1000
    assert (scores[last, 1:] == -10_000).all()


def test_the_shipped_models_fit_the_code() -> None:
    pointer, selector = load_pointer(), load_selector()
    assert isinstance(pointer, Pointer)
    rows = len(pointer.weights["text"]) - pointer.weights["embedding"].shape[1]
    assert rows == len(FIXED) + len(ASKED)
    assert selector.native.shape == selector.foreign.shape == (len(SELECTING),)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.sampled_from(("调解成功率是多少", "谁主持", "when was it", "渌江")),
    text=st.text(st.sampled_from("调解成功率99% 谁，。“”（）《》a1\u3000\n\u200b𠀀ß"), min_size=1, max_size=60),
)
def test_any_text_can_be_marked_and_scored(question: str, text: str) -> None:
    units = TextUnits.of(text, [(0, len(text))])
    asked = terms(question)
    marks = marks_of(asked, units)
    assert np.isfinite(marks).all()
    assert np.isfinite(units.fixed).all()
    if len(units):
        assert np.isfinite(load_pointer().scores(asked_text(asked), units, marks)).all()
        assert (units.starts < units.ends).all()


def test_what_is_chosen_lies_in_its_passage(archive_path: Path, encoder_cache: Path) -> None:
    with Archive.open(archive_path, cache=encoder_cache) as archive, archive.reading() as view:
        for question in ("炎陵县的调解成功率是多少？", "Who chaired the meeting?", "河水什么时候最高"):
            found = view.searcher.find(analyse(question), view.snapshot)
            chosen = choose(found, 3)
            assert [selection.score for selection in chosen] == sorted((s.score for s in chosen), reverse=True)
            assert 0 < sum(selection.score for selection in chosen) <= 1 + 1e-9
            for selection in chosen:
                passage = selection.candidate.passage
                text = view.snapshot.document(passage.document_id).text
                assert selection.text == "".join(text[span.start : span.end] for span in selection.spans)
                for mark in selection.highlights:
                    assert any(span.start <= mark.start and mark.end <= span.end for span in selection.spans)
                for start, end in sentence_ranges(passage):
                    assert passage.text[start:end].strip() == passage.text[start:end]


def test_words_of_letters_are_names_by_their_capital() -> None:
    text = "The wall, said Margaret Hewitt, will hold."
    units = TextUnits.of(text, [(0, len(text))])
    tags = [
        next(name for number, name in enumerate(FIXED) if name.startswith("tag_") and row[number])
        for row in units.fixed
    ]
    words_of = [units.folded[a:b] for a, b in zip(units.starts, units.ends, strict=True)]
    assert dict(zip(words_of, tags, strict=True)) == {
        "the": "tag_function", "wall": "tag_eng", ",": "tag_x", "said": "tag_eng", "margaret": "tag_nr",
        "hewitt": "tag_nr", "will": "tag_function", "hold": "tag_eng", ".": "tag_x",
    }  # fmt: skip
