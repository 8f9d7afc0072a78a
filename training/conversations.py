"""Fit when a conversation is answered from the article that it is about: ``python -m training.conversations``.

Run after ``training.answers``. Each question of ``training/set_aside/conversations.jsonl`` is looked up in the whole
archive and in the article that its last answer was quoted from. A logistic model is fitted to whether the article
answers. From 1 in 3 on it is said to: to refuse what it answers costs twice what the reverse does. How much likelier
than the archive it has to answer, ``ahead``, is chosen among tenths, with questions that go on and questions that begin
a new topic counting the same; questions that no archive of pages answers are asked in conversations, too. Only those
whose ``split`` is ``tune`` are fitted to; the others are reported.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval.answering.answerer import Answerer
from retrieval.answering.article_in_focus import passages_in_focus
from retrieval.answering.conversation import Understanding, understand
from retrieval.answering.decision import load_decision
from retrieval.answering.focus import FOCUSED, Focused, FocusModel, focused
from retrieval.answering.quoting import squeezed
from retrieval.answering.results import Asked
from retrieval.evaluation.questions import UNANSWERABLE, ArchiveQuestion, load_questions
from retrieval.search import analyse
from retrieval.types import Answer, AnswerStatus
from retrieval.views import View
from training.cases import OFF_TOPIC
from training.pages import archive_of, read_page_sets

__all__ = ["Told", "chosen_ahead", "fit_focus", "off_topic", "told_of"]

_HERE = Path(__file__).resolve().parent
_QUESTIONS, _SOURCES = _HERE / "set_aside" / "conversations.jsonl", _HERE / "set_aside"
_OUTPUT = _HERE.parent / "retrieval" / "answering" / "focus.json"
_PENALTY = 3e-4
# What it costs to refuse what is answered; to answer what is not costs 1.
_COST = 2.0
_ANSWERABLE_AT = round(1 / (1 + _COST), 2)
_TOP = 3
# How often questions of no page are asked, and how many conversations lie between two of them.
_ROUNDS, _STEP = 3, 211


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """What a question's two searches told: of the article float64 ``(len(FOCUSED),)``, None where none is in focus.

    ``goes_on`` is whether the question goes on with the conversation, ``here`` and ``elsewhere`` whether the first
    quote of each is right, ``likely`` how likely the archive answers.
    """

    question: ArchiveQuestion
    goes_on: bool
    told: NDArray[np.float64] | None
    here: bool
    elsewhere: bool
    likely: float


def off_topic(questions: Sequence[ArchiveQuestion]) -> Iterator[ArchiveQuestion]:
    """Ask each question that no page answers in the midst of some of the conversations."""
    lines = OFF_TOPIC.read_text(encoding="utf-8").splitlines()
    for number, text in enumerate(_ROUNDS * lines):
        # Far from each other, so that each is asked in conversations about other pages.
        within = questions[number * _STEP % len(questions)]
        yield ArchiveQuestion(f"off-topic-{number}", "", UNANSWERABLE, text, history=within.history, split=within.split)


def told_of(question: ArchiveQuestion, view: View, *, goes_on: bool) -> Told:
    """Look one question of a conversation up in both."""
    answer = Answerer(view.searcher, focus=None).answer(
        question.question, view.snapshot, history=question.history, top=_TOP
    )
    found = _focused(question, view)
    here = found is not None and _is_right(
        question, found.selections[0].text, view.snapshot.source(found.selections[0].candidate.passage.document_id)
    )
    return Told(question, goes_on, found.told if found else None, here, _answers(question, answer), answer.probability)


def fit_focus(some: Sequence[Told]) -> FocusModel:
    """Fit the logistic model of whether the article's first quote is right, and choose how far it must be ahead."""
    known = [told for told in some if told.told is not None]
    rows = np.stack([np.append(told.told, 1.0) for told in known if told.told is not None])
    sign = np.array([1.0 if told.here else -1.0 for told in known])

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (rows @ w)
        gradient = -(sign / (1 + np.exp(np.clip(margins, -50, 50)))) @ rows / len(sign)
        return float(np.logaddexp(0, -margins).mean() + _PENALTY * (w @ w)), gradient + 2 * _PENALTY * w

    w = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x.round(4)
    model = FocusModel(w[:-1], float(w[-1]), 0.0, _ANSWERABLE_AT)
    return replace(model, ahead=chosen_ahead(some, model))


def chosen_ahead(some: Sequence[Told], model: FocusModel) -> float:
    """Choose among tenths from -1 to 1 the one that costs least; the one nearest to 0 of several."""
    # Further down, a few new topics that the archive answers are given up for as many that it does not.
    tenths = sorted((number / 10 for number in range(-10, 11)), key=abs)
    return max(tenths, key=lambda ahead: _worth(some, replace(model, ahead=ahead)))


def _worth(some: Sequence[Told], model: FocusModel) -> float:
    """Add up how often questions are answered rightly, and rightly refused, those that go on and those that do not."""
    return sum(
        cost * _share([t for t in some if (t.question.answerable, t.goes_on) == (answerable, goes_on)], model)
        for (answerable, cost), goes_on in product(((True, _COST), (False, 1.0)), (True, False))
    )


def _share(some: Sequence[Told], model: FocusModel | None) -> float:
    """Give how many of some questions are answered rightly, or rightly refused: 0 to 1, and 0 of none."""
    least = load_decision().answerable_at
    right = 0
    for told in some:
        is_right, likely, at = told.elsewhere, told.likely, least
        if model is not None and told.told is not None and model.prefers(told.told, told.likely):
            is_right, likely, at = told.here, model.probability(told.told), model.answerable_at
        right += (is_right and likely >= at) if told.question.answerable else likely < at
    return right / max(len(some), 1)


def _focused(question: ArchiveQuestion, view: View) -> Focused | None:
    asked = Asked(view.snapshot, question.history, _TOP, None)
    understood: Understanding = understand(question.question, question.history)
    within = passages_in_focus(asked, view.searcher)
    if not within or understood.is_new:
        return None
    return focused(
        analyse(question.question),
        understood.query(),
        within,
        asked,
        view.searcher,
        is_tentative=understood.is_tentative,
    )


def _answers(question: ArchiveQuestion, answer: Answer) -> bool:
    quotes = answer.quotes if answer.status is AnswerStatus.ANSWERED else answer.near_misses
    return bool(quotes) and _is_right(question, quotes[0].text, quotes[0].source)


def _is_right(question: ArchiveQuestion, text: str, source: str) -> bool:
    return source.startswith(question.sources or ("",)) and any(squeezed(q) in squeezed(text) for q in question.quotes)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=_QUESTIONS)
    parser.add_argument("--sources", type=Path, default=_SOURCES, help="folder of the pages that they are about")
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    parser.add_argument("--output", type=Path, default=_OUTPUT)
    options = parser.parse_args()
    (pages,) = read_page_sets([options.questions], [options.sources])
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    goes_on = {line["id"]: bool(line["goes_on"]) for line in map(json.loads, lines)}
    questions = load_questions(options.questions)
    with archive_of(pages.texts, options.cache) as view:
        some = [
            told_of(question, view, goes_on=goes_on.get(question.id, False))
            for question in (*questions, *off_topic(questions))
        ]
    model = fit_focus([told for told in some if told.question.split == "tune"])
    for group in sorted({(told.question.split, told.goes_on, told.question.answerable) for told in some}):
        own = [told for told in some if (told.question.split, told.goes_on, told.question.answerable) == group]
        name = f"{group[0]:8s} {'goes on' if group[1] else 'new':8s} {'answered' if group[2] else 'not':8s}"
        print(f"{name} {len(own):4d} right {_share(own, None):.3f} -> {_share(own, model):.3f}")  # noqa: T201
    written = {
        "trained_on": [f"training/set_aside/{options.questions.name} (tune)", f"training/{OFF_TOPIC.name}"],
        "evidence": list(FOCUSED),
        "weights": model.weights.tolist(),
        "bias": model.bias,
        "ahead": model.ahead,
        "answerable_at": model.answerable_at,
    }
    options.output.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
