"""Fit which sentences are quoted and when the archive is said to answer: ``python -m training.answers --reading …``.

Run after ``training.ranking`` and ``training.highlights``. Of the reading sets only those questions are asked whose
paragraphs ``training.highlights`` holds out: the pointer is too sure of what it was trained on. Cases for the decision:
the questions as they are; the same with the paragraph that answers taken away, which leaves near misses; questions of
one set over the other's archive; the tune half of the questions over the pages, and those with another place or year in
the place of theirs. The same data give the same models.
"""

import argparse
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from retrieval import Archive
from retrieval.answering.conversation import understand
from retrieval.answering.decision import EVIDENCE, Decision, evidence
from retrieval.answering.pointer import load_pointer
from retrieval.answering.reader import PassageReading, read_candidates
from retrieval.answering.selection import READ, SELECTING, Selector, choose_from, sentence_evidence
from retrieval.evaluation.questions import load_questions
from retrieval.language.pinyin import Pinyin
from retrieval.readable import View
from retrieval.search import Findings, analyse
from training.reading import held_out, read_sets
from training.reliability import calibration_error, reliability, write_curve

__all__ = ["Case", "Found", "fit_decision", "fit_selector", "swapped", "threshold"]

_OUTPUT = Path(__file__).resolve().parent.parent
# Pages say much twice: without the passage that answers they may answer all the same, so such cases count little.
_BEREFT = {"pages": "pages, answer removed"}
_WEIGHTS = {"reading": 1.0, "pages": 2.0, "pages, answer removed": 0.2, "swapped": 0.6, "strangers": 0.6}
_PLACES = ("汝城", "醴陵", "浏阳", "衡南", "桃源", "宁远")
_LATIN_PLACES = ("Rucheng", "Liling", "Liuyang", "Hengnan", "Taoyuan", "Ningyuan")
_HAN_PLACE = re.compile("炎陵|攸(?=县|縣)|株洲|天元|石峰|荷塘|芦淞|渌口")
_LATIN_PLACE = re.compile(r"\b(?:Yanling|You(?= County)|Zhuzhou|Youxian)\b")
_YEAR = re.compile("20(?:2[0-4])(?!\\d)")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A question as it was searched and read; ``answers`` are right ones, ``quotes`` what a passage with one says."""

    question: str
    group: str
    language: str
    findings: Findings
    readings: tuple[PassageReading, ...]
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    def holds(self, text: str) -> bool:
        """Tell whether a passage of this text holds an answer."""
        bare = _bare(text)
        return any(_bare(quote) in bare for quote in self.quotes)

    def right(self, reading: PassageReading) -> NDArray[np.bool_]:
        """Tell which sentences of a candidate hold an answer."""
        candidate = reading.candidate
        wanted = self.answers or self.quotes
        if not self.holds(candidate.passage.text):
            return np.zeros(len(candidate.sentences), bool)
        return np.array([any(_bare(words) in _bare(text) for words in wanted) for text in candidate.sentences], bool)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What a question's evidence is, float64 ``(len(EVIDENCE),)``, and whether the archive answers it."""

    told: NDArray[np.float64]
    known_share: float
    answered: bool
    group: str
    language: str
    id: str = ""


def look_up(view: View, question: str, group: str, answers: Sequence[str] = (), quotes: Sequence[str] = ()) -> Found:
    """Search and read one question."""
    query = analyse(question)
    found = view.searcher.find(query, view.snapshot)
    readings = tuple(read_candidates(found, 2 * READ, load_pointer()))
    return Found(question, group, query.language, found, readings, tuple(answers), tuple(quotes))


def swapped(question: str, number: int) -> str:
    """Ask the same of another place or year, of which the pages say nothing; empty when the question names none."""
    for pattern, others in ((_HAN_PLACE, _PLACES), (_LATIN_PLACE, _LATIN_PLACES), (_YEAR, ("2015", "2017", "2012"))):
        if pattern.search(question):
            return pattern.sub(others[number % len(others)], question)
    return ""


def fit_selector(found: Sequence[Found], penalty: float = 1e-3) -> Selector:
    """Fit the selector: the negative log-likelihood of the sentences that hold an answer, among all that were read."""
    rows = []
    for item in found:
        readings = item.readings[:READ]
        labels = np.concatenate([item.right(reading) for reading in readings]) if readings else np.zeros(0, bool)
        if labels.any():
            known = item.findings.terms.known_share
            table = np.concatenate([sentence_evidence(reading) for reading in readings])
            rows.append((np.hstack((known * table, (1 - known) * table)), labels))
    size = len(SELECTING)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros(2 * size)
        for table, labels in rows:
            scores = table @ weights
            grown = np.exp(scores - scores.max())
            right = grown * labels
            total += float(np.log(grown.sum()) - np.log(max(right.sum(), 1e-30)))
            gradient += (grown / grown.sum() - right / max(right.sum(), 1e-30)) @ table
        apart = weights[:size] - weights[size:]
        total = total / len(rows) + penalty * float(weights @ weights) + 0.05 * float(apart @ apart)
        pull = 2 * penalty * weights + 0.1 * np.concatenate((apart, -apart))
        return total, gradient / len(rows) + pull

    weights = minimize(loss, np.zeros(2 * size), jac=True, method="L-BFGS-B").x
    return Selector(weights[:size], weights[size:])


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


def fit_decision(members: Sequence[Case], weights: dict[str, float], penalty: float) -> Decision:
    """Fit the logistic model; within a group answered and not count the same.

    :param weights: what each group counts altogether.
    """
    size = len(EVIDENCE) + 1
    rows, signs, counts = [], [], []
    sizes = Counter((case.group, case.answered) for case in members)
    for case in members:
        alike = sizes[case.group, case.answered]
        told = np.append(case.told, 1.0)
        rows.append(np.concatenate((case.known_share * told, (1 - case.known_share) * told)))
        signs.append(1.0 if case.answered else -1.0)
        counts.append(weights.get(case.group, 1.0) / alike)
    matrix, sign, count = np.stack(rows), np.array(signs), np.array(counts) / sum(counts)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = sign * (matrix @ w)
        apart = w[:size] - w[size:]
        total = float(count @ np.logaddexp(0, -margins)) + penalty * float(w @ w + apart @ apart)
        gradient = -(count * sign / (1 + np.exp(np.clip(margins, -50, 50)))) @ matrix
        return total, gradient + 2 * penalty * (w + np.concatenate((apart, -apart)))

    w = minimize(loss, np.zeros(2 * size), jac=True, method="L-BFGS-B", options={"maxiter": 1000}).x
    return Decision(w[: size - 1], w[size:-1], (float(w[size - 1]), float(w[-1])))


def threshold(probabilities: NDArray[np.float64], answered: NDArray[np.bool_], most_false: float) -> float:
    """Give the probability below which no more than ``most_false`` of the answered cases lie, rounded down."""
    return float(np.floor(100 * np.quantile(probabilities[answered], most_false)) / 100)


def cross_validated(members: Sequence[Case], weights: dict[str, float], penalty: float) -> NDArray[np.float64]:
    """Give each case's probability by a model that was fitted without it and its neighbours, in five parts."""
    parts = np.arange(len(members)) * 5 // max(len(members), 1)
    order = np.argsort([_spread(case.id) for case in members], kind="stable")
    part = np.empty(len(members), int)
    part[order] = parts
    given = np.zeros(len(members))
    for number in range(5):
        decision = fit_decision([c for c, p in zip(members, part, strict=True) if p != number], weights, penalty)
        for index in np.flatnonzero(part == number).tolist():
            given[index] = decision.probability(members[index].told, members[index].known_share)
    return given


def _spread(text: str) -> int:
    return zlib.crc32(text.encode())


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
    return Case(evidence(findings, selections, pinyin), known, answered, item.group, item.language, item.question)


def _bare(text: str) -> str:
    return "".join(text.split())


def _reading_found(files: Sequence[Path], limit: int, cache: Path | None) -> Iterator[Found]:
    """Ask each set's held-out questions over an archive of its held-out paragraphs, and some of the next set's."""
    sets = [held_out(read_sets([file])) for file in files]
    for number, questions in enumerate(sets):
        strangers = sets[(number + 1) % len(sets)] if len(sets) > 1 else []
        with tempfile.TemporaryDirectory() as folder:
            texts = Path(folder) / "texts"
            texts.mkdir()
            for name, text in enumerate(dict.fromkeys(question.paragraph for question in questions)):
                (texts / f"{name:05d}.txt").write_bytes(text.encode())
            with Archive.open(Path(folder) / "archive", create=True, cache=cache) as archive:
                archive.sync([texts])
                with archive.reading() as view:
                    step = max(1, len(questions) // limit)
                    for question in questions[::step][:limit]:
                        yield look_up(view, question.text, "reading", question.answers, [question.paragraph])
                    step = max(1, 4 * len(strangers) // limit)
                    for question in strangers[::step][: limit // 4]:
                        yield look_up(view, question.text, "reading")


def _page_found(questions: Path, sources: Path, strangers: Sequence[str], cache: Path | None) -> Iterator[Found]:
    """Ask the tune half over the pages, the same with another place or year, and a reading set's questions."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", create=True, cache=cache) as archive,
    ):
        archive.sync([sources])
        with archive.reading() as view:
            for number, question in enumerate(load_questions(questions, "tune")):
                text = understand(question.question, question.history).text
                yield look_up(view, text, "pages", question.answers, question.quotes)
                other = swapped(text, number) if question.answerable and number % 2 == 0 else ""
                if other:
                    yield look_up(view, other, "swapped")
            for text in strangers:
                yield look_up(view, text, "strangers")


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reading", type=Path, nargs="+", required=True, help="reading sets in SQuAD's layout")
    parser.add_argument("--limit", type=int, default=300, help="questions taken of each reading set")
    parser.add_argument("--questions", type=Path, required=True, help="question file over --sources, JSON lines")
    parser.add_argument("--sources", type=Path, required=True, help="folder of the newspaper pages")
    parser.add_argument("--penalty", type=float, default=1e-3)
    parser.add_argument("--most-false", type=float, default=0.09, help="answerable cases that may be refused")
    parser.add_argument("--cache", type=Path, help="folder for the unpacked encoder and dictionary")
    parser.add_argument("--output", type=Path, default=_OUTPUT, help="folder of the project")
    options = parser.parse_args()
    reading = list(_reading_found(options.reading, options.limit, options.cache))
    strangers = [item.question for item in reading if not item.quotes][:60]
    pages = list(_page_found(options.questions, options.sources, strangers, options.cache))
    fit_all(reading, pages, options)


def fit_all(reading: Sequence[Found], pages: Sequence[Found], options: argparse.Namespace) -> None:
    """Fit both models, print how they do on cases that they were not fitted to, and write them."""
    trained_on = [file.name for file in options.reading] + [f"{options.questions.name} (tune)"]
    selector = fit_selector([*reading, *pages])
    where = options.output / "retrieval" / "answering"
    _write(where / "selection.json", {"trained_on": trained_on, "evidence": list(SELECTING)} | _rounded(selector))
    members = list(cases([*reading, *pages], selector, Pinyin.load(options.cache)))
    given = cross_validated(members, _WEIGHTS, options.penalty)
    answered = np.array([case.answered for case in members])
    pages_only = np.array([case.group == "pages" for case in members])
    at = min(threshold(given[some], answered[some], options.most_false) for some in (pages_only, ~pages_only))
    for name in sorted({(case.group, case.answered) for case in members}):
        chosen = np.array([(case.group, case.answered) == name for case in members])
        refused = (given[chosen] < at).mean()
        print(f"{name[0]:22s} {'answered' if name[1] else 'not':8s} {chosen.sum():5d} refused {refused:.3f}")  # noqa: T201
    bins = reliability(given, answered, 10)
    print(f"expected calibration error {calibration_error(bins):.3f}, answerable at {at}")  # noqa: T201
    write_curve(options.output / "docs", bins)
    decision = fit_decision(members, _WEIGHTS, options.penalty)
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
