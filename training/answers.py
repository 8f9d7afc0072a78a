"""Fit which sentences are quoted and when the archive is said to answer: ``python -m training.answers --reading …``.

Run after ``training.ranking`` and ``training.highlights``. Of the reading sets only those questions are asked whose
paragraphs ``training.highlights`` holds out: the pointer is too sure of what it was trained on. Questions over pages
that it was trained on help the decision all the same, which has to know what such pages are asked. Cases for it are
those of :mod:`training.cases`, and of each question that is answered one more with the passages taken away that answer
it. The same data give the same models.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.answering.decision import EVIDENCE, Decision, evidence
from retrieval.answering.missing import missing_parts
from retrieval.answering.reader import PassageReading
from retrieval.answering.selection import READ, SELECTING, Selector, choose_from
from retrieval.language.pinyin import Pinyin
from retrieval.search import Findings
from training.cases import Found, page_questions, reading_questions
from training.models import Case, cross_validated, fit_decision, fit_selector, shares, threshold
from training.pages import add_page_options, read_page_sets
from training.reliability import calibration_error, reliability, write_curve

__all__ = ["cases", "fit_all"]

_OUTPUT = Path(__file__).resolve().parent.parent
# Pages say much twice: without the passage that answers they may answer all the same, so such cases count little.
_BEREFT = dict.fromkeys(("pages", "learned"), "pages, answer removed")
_WEIGHTS = {
    "reading": 1.0,
    "sentence removed": 0.7,
    "pages": 4.0,
    # Of what it was trained on the pointer is too sure; but these are pages and questions by other hands.
    "learned": 4.0,
    "words removed": 0.7,
    "pages, answer removed": 0.2,
    "swapped": 2.0,
    "strangers": 1.0,
    "off topic": 1.5,
}
# What readers ask of an archive, for the threshold.
_ASKED = frozenset(("pages", "learned", "swapped", "strangers", "off topic"))


def cases(found: Sequence[Found], selector: Selector, pinyin: Pinyin) -> Iterator[Case]:
    """Make the decision's cases of searched questions: as they are, and without the paragraph that answers."""
    for item in found:
        answered = bool(item.quotes)
        yield _case(item, item.findings, item.readings[:READ], selector, pinyin, answered=answered)
        if answered:
            readings = tuple(reading for reading in item.readings if not item.holds(reading.candidate.passage.text))
            left = tuple(c for c in item.findings.candidates if not item.holds(c.passage.text))
            if left and len(left) < len(item.findings.candidates):
                near = replace(item.findings, candidates=left)
                bereft = replace(item, group=_BEREFT.get(item.group, item.group))
                yield _case(bereft, near, readings[:READ], selector, pinyin, answered=False)


def _case(
    item: Found,
    findings: Findings,
    readings: Sequence[PassageReading],
    selector: Selector,
    pinyin: Pinyin,
    *,
    answered: bool,
) -> Case:
    known = findings.terms.known_share
    selections = choose_from(readings, findings, READ, selector)
    missing = missing_parts(findings.query, findings, pinyin)
    told = evidence(findings, selections, missing, pinyin)
    return Case(told, known, answered, item.group, item.language, item.question)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    parser.add_argument("--limit", type=int, default=300, help="questions taken of each reading set")
    add_page_options(parser)
    parser.add_argument("--learned", type=Path, nargs="*", default=[], help="question files the pointer was trained on")
    parser.add_argument("--learned-sources", type=Path, nargs="*", default=[], help="their folders, in the same order")
    parser.add_argument("--penalty", type=float, default=1e-4)
    parser.add_argument("--cost", type=float, default=2.0, help="what it costs to refuse a question that is answered")
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="folder of the project")
    options = parser.parse_args()
    reading = list(reading_questions(options.reading, options.limit, options.cache))
    strangers = [item.question for item in reading if not item.quotes][:60]

    def searched(questions: Sequence[Path], sources: Sequence[Path]) -> list[Found]:
        sets = read_page_sets(questions, sources)
        return [found for pages in sets for found in page_questions(pages, strangers, options.cache)]

    pages = searched(options.questions, options.sources)
    fit_all([*reading, *pages], searched(options.learned, options.learned_sources), options)


def fit_all(found: Sequence[Found], learned: Sequence[Found], options: argparse.Namespace) -> None:
    """Fit both models, print how they do on cases that they were not fitted to, and write them.

    :param learned: questions that the pointer was trained on, of which it is too sure to tell how much its word counts.
    """
    trained_on = [*(file.name for file in options.reading), *(f"{file} (tune)" for file in options.questions)]
    selector = fit_selector(found)
    where = options.output / "retrieval" / "answering"
    _write(where / "selection.json", {"trained_on": trained_on, "evidence": list(SELECTING)} | _rounded(selector))
    known = [replace(item, group="learned") if item.group == "pages" else item for item in learned]
    members = list(cases([*found, *known], selector, Pinyin.load(options.cache)))
    given = cross_validated(members, _WEIGHTS, options.penalty)
    answered = np.array([case.answered for case in members])
    asked = np.array([case.group in _ASKED for case in members])
    counts = shares([case for case in members if case.group in _ASKED], {})
    at = threshold(given[asked], answered[asked], counts, options.cost)
    for name in sorted({(case.group, case.answered) for case in members}):
        chosen = np.array([(case.group, case.answered) == name for case in members])
        refused = (given[chosen] < at).mean()
        print(f"{name[0]:22s} {'answered' if name[1] else 'not':8s} {chosen.sum():5d} refused {refused:.3f}")  # noqa: T201
    bins = reliability(given, answered, shares(members, _WEIGHTS), 10)
    print(f"expected calibration error {calibration_error(bins):.3f}, answerable at {at}")  # noqa: T201
    write_curve(options.output / "docs", bins)
    decision = fit_decision(members, _WEIGHTS, options.penalty)
    trained_on += [f"{file} (tune)" for file in options.learned]
    _write(
        where / "decision.json",
        {"trained_on": trained_on, "evidence": list(EVIDENCE), "answerable_at": at}
        | _rounded(decision)
        | {"bias": [round(value, 4) for value in decision.bias]},
    )


def _rounded(model: Selector | Decision) -> dict[str, list[float]]:
    return {
        name: [round(float(weight), 4) for weight in weights]
        for name, weights in (("native", model.native), ("foreign", model.foreign))
    }


def _write(file: Path, values: dict[str, Any]) -> None:
    file.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _main()
