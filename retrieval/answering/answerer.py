import time
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.conversation import complete
from retrieval.answering.decision import ANSWERABLE_AT, evidence, load_decision
from retrieval.answering.highlighting import highlight
from retrieval.answering.provenance import line_range, quoted_text, verify
from retrieval.answering.remarks import Remark, recognise
from retrieval.answering.selection import Selection, select
from retrieval.index import Snapshot
from retrieval.language.duplicates import find_copies
from retrieval.search import Findings, Query, Searcher, analyse
from retrieval.types import Answer, AnswerStatus, Filters, Quote, Timing, Turn

__all__ = ["Answerer"]

# Candidates looked at for each quote given: some say the very same as a better one.
_SPARE = 3


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one state of an archive, by quoting it."""

    searcher: Searcher

    def answer(
        self,
        question: str,
        snapshot: Snapshot,
        *,
        history: Sequence[Turn],
        top: int,
        filters: Filters | None = None,
    ) -> Answer:
        """Answer a question with at most ``top`` quotes, best first, or say that the archive does not.

        :raises QuestionError: if the question is empty, too long or not readable.
        """
        began = time.perf_counter()
        asked = analyse(question)
        remark = recognise(asked.text)
        if remark is not None:
            return _reply(question, remark, began)
        query = analyse(complete(asked.text, history))
        findings = self.searcher.find(query, snapshot, filters=filters)
        found = time.perf_counter()
        likely = _probability(findings)
        selections = _distinct(
            [select(candidate, likely * findings.share(candidate)) for candidate in findings.candidates[: _SPARE * top]]
        )
        quotes = tuple(_quote(query, selection, snapshot) for selection in selections[:top])
        answered = likely >= ANSWERABLE_AT
        ended = time.perf_counter()
        return Answer(
            status=AnswerStatus.ANSWERED if answered else AnswerStatus.NOT_FOUND,
            question=question,
            language=asked.language,
            quotes=quotes if answered else (),
            near_misses=() if answered else quotes,
            understood_as=query.text if query.text != asked.text else "",
            probability=likely,
            timings=(
                Timing("search", 1000 * (found - began)),
                Timing("quote", 1000 * (ended - found)),
                Timing("total", 1000 * (ended - began)),
            ),
        )


def _reply(question: str, remark: Remark, began: float) -> Answer:
    total = Timing("total", 1000 * (time.perf_counter() - began))
    return Answer(AnswerStatus.NOT_FOUND, question, remark.language, reply=remark.kind, timings=(total,))


def _probability(findings: Findings) -> float:
    """Give the probability that the archive answers the question."""
    if not findings.candidates:
        return 0.0
    best, share = findings.candidates[0], findings.terms.known_share
    told = evidence(best.features[best.best], [candidate.score for candidate in findings.candidates[:2]], share)
    return load_decision().probability(told, share)


def _distinct(selections: Sequence[Selection]) -> list[Selection]:
    """Drop a quote that says the very same as a better one, or the same with a few letters read differently."""
    seen: dict[str, Selection] = {}
    for selection in selections:
        seen.setdefault("".join(selection.text.split()), selection)
    distinct = list(seen.values())
    dropped = {
        number
        for group in find_copies([selection.text for selection in distinct])
        for number in sorted((group.kept, *group.copies))[1:]
    }
    return [selection for number, selection in enumerate(distinct) if number not in dropped]


def _quote(query: Query, selection: Selection, snapshot: Snapshot) -> Quote:
    passage = selection.candidate.passage
    document = snapshot.document(passage.document_id)
    quote = Quote(
        text=quoted_text(document, selection.spans),
        source=document.source,
        document_id=document.id,
        spans=selection.spans,
        lines=line_range(document, selection.spans),
        highlights=highlight(query, selection.text, selection.spans),
        score=selection.score,
        context=passage.context,
    )
    return verify(quote, document)
