import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from retrieval.answering.article_in_focus import passages_in_focus
from retrieval.answering.catalogue import Catalogue, Listing, catalogue_request, catalogue_subject
from retrieval.answering.conversation import Request, Understanding, understand
from retrieval.answering.decision import evidence, load_decision
from retrieval.answering.focus import FocusModel, focused, load_focus_model
from retrieval.answering.missing import missing_parts
from retrieval.answering.page_results import page_result
from retrieval.answering.person_results import person_result
from retrieval.answering.phrasing import about_article
from retrieval.answering.remarks import Remark, recognise
from retrieval.answering.results import Asked, Result, is_given, quoted, scored, selected
from retrieval.answering.selection import Selection, choose
from retrieval.answering.sources import Side, compared_sides, continues, find_disagreement, is_about
from retrieval.answering.surroundings import around
from retrieval.index import Snapshot
from retrieval.search import Findings, Query, Searcher, analyse
from retrieval.search.expectation import AnswerKind
from retrieval.types import Answer, AnswerStatus, Arrangement, Filters, Missing, Quote, Timing, Turn

__all__ = ["Answerer"]

# Candidates looked at for each quote given: some say the very same as a better one.
_SPARE = 3
_SIDES = 3
# The decision goes by the best two: how good the first is, and how far ahead.
_DECIDING = 2
# A short question goes on with the one before if the odds of its being answered, with that one's words and alone, make
# this much together (fitted to the tune half of the follow-ups: all that go on have .5 or more, or are lost alone too).
_GOES_ON = 0.2
_MOST_LIKELY = 0.99


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one state of an archive, by quoting it."""

    searcher: Searcher
    focus: FocusModel | None = field(default_factory=load_focus_model)

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
        understood, alone = understand(asked.text, history), Understanding(asked.text, asked.text)
        if understood.begins_anew(self.searcher.indexes.words.document_frequency):
            understood = alone
        context = Asked(snapshot, history, top, filters)
        query, result, searching = self._looked_up(understood, asked.language, context)
        text = query.text
        if understood.is_tentative and result.answers:
            # The words of the question before may be all that is found: Who invented the telephone? is a new topic.
            own_query, own_result, seconds = self._looked_up(alone, asked.language, context)
            searching += seconds
            if _odds(result.likely) * _odds(own_result.likely) < _GOES_ON:
                text, result = own_query.text, own_result
        if history and understood.request is Request.ANSWER and not understood.is_new:
            text, result = self._in_focus(asked, understood, context, text, result)
        if history and result.article is not None and text == asked.text:
            text = about_article(text, result.article)
        answered = result.answers
        ended = time.perf_counter()
        return Answer(
            status=AnswerStatus.ANSWERED if answered else AnswerStatus.NOT_FOUND,
            question=question,
            language=asked.language,
            quotes=result.quotes if answered else (),
            near_misses=() if answered else result.quotes,
            understood_as=text if text != asked.text else "",
            probability=result.likely,
            arrangement=result.arrangement if answered else Arrangement.RANKED,
            missing=() if answered else result.missing,
            total=result.total if answered else 0,
            timings=(
                Timing("search", 1000 * searching),
                Timing("quote", 1000 * (ended - began - searching)),
                Timing("total", 1000 * (ended - began)),
            ),
        )

    def _looked_up(self, understood: Understanding, language: str, asked: Asked) -> tuple[Query, Result, float]:
        """Look up a question as it was understood; the last is how many seconds the search took."""
        query = understood.query()
        wanted = catalogue_request(understood.asked, language)
        if wanted is not None:
            return query, _listed(Catalogue(asked.snapshot).listing(wanted, query, asked.top)), 0.0
        began = time.perf_counter()
        listing = self._about(understood.asked, language, asked)
        # Where no article tells of it, the question is looked up like any other.
        if listing.quotes:
            return query, _listed(listing), time.perf_counter() - began
        findings = self.searcher.find(query, asked.snapshot, filters=asked.filters)
        seconds = time.perf_counter() - began
        return query, self._result(query, understood, findings, asked), seconds

    def _in_focus(
        self, own: Query, understood: Understanding, asked: Asked, text: str, elsewhere: Result
    ) -> tuple[str, Result]:
        """Answer from the article that the conversation is about, where that answers likelier than all the archive.

        :param text: the question as it was looked up ``elsewhere``; as it was understood comes back with the result.
        """
        if self.focus is None or elsewhere.article is not None or elsewhere.likely > _MOST_LIKELY:
            return text, elsewhere
        within = passages_in_focus(asked, self.searcher)
        if not within:
            return text, elsewhere
        completed, tentative = understood.query(), understood.is_tentative
        found = focused(own, completed, within, asked, self.searcher, is_tentative=tentative)
        if found is None or not self.focus.prefers(found.told, elsewhere.likely):
            return text, elsewhere
        likely = self.focus.probability(found.told)
        quotes = quoted(own, scored(found.selections, likely)[: asked.top], asked.snapshot)
        result = Result(quotes, likely, answerable_at=self.focus.answerable_at)
        if elsewhere.answers and _same(quotes[0], elsewhere.quotes[0]):
            # The archive has more to say beside it.
            return text, elsewhere
        if not result.answers:
            return text, result
        return completed.text if completed.text != own.text else about_article(own.text, found.article), result

    def _about(self, question: str, language: str, asked: Asked) -> Listing:
        """List the articles that tell of what the question wants them about; none if it wants no articles."""
        subject = catalogue_subject(question, language)
        if not subject:
            return Listing((), 0)
        findings = self.searcher.find(analyse(subject), asked.snapshot, filters=asked.filters)
        return Catalogue(asked.snapshot).about(findings, self.searcher.lexicon.pinyin, asked.top)

    def _result(self, query: Query, understood: Understanding, findings: Findings, asked: Asked) -> Result:
        if understood.request is Request.AROUND:
            return _widened(findings, asked)
        told = page_result(query, understood, findings, asked, self.searcher)
        told = told or person_result(query, findings, asked, self.searcher.lexicon.pinyin)
        if told is not None:
            return told
        sides = compared_sides(query)
        if sides:
            return self._compared(query, sides, findings, asked)
        missing = missing_parts(query, findings, self.searcher.lexicon.pinyin)
        more = understood.request is Request.MORE
        count = len(findings.candidates) if more else _SPARE * asked.top
        # Reading the candidates is half of the work: once for the decision and the quotes.
        chosen = choose(findings, max(_DECIDING, count))
        likely = self._decided(findings, chosen, missing)
        selections = scored(chosen[:count], likely)
        if more:
            selections = [selection for selection in selections if not is_given(selection.text, asked)]
            return Result(quoted(query, selections[: asked.top], asked.snapshot), likely)
        pair = find_disagreement(query, selections)
        arrangement = Arrangement.RANKED
        if pair is not None and asked.top > 1:
            selections = [*pair, *(selection for selection in selections if selection not in pair)]
            arrangement = Arrangement.DISAGREEMENT
        elif query.expected is AnswerKind.LIST and continues(selections[: asked.top]):
            arrangement = Arrangement.COLLECTION
        return Result(quoted(query, selections[: asked.top], asked.snapshot), likely, arrangement, missing)

    def _compared(self, query: Query, sides: Sequence[Side], findings: Findings, asked: Asked) -> Result:
        """Quote the best of each side first; the archive answers only if it does for every side."""
        chosen: list[Selection] = []
        missing: list[Missing] = []
        # Who has more is told by how much each has; 哪个更多 names no kind, but the question for each side does.
        which = query.expected in (AnswerKind.PERSON, AnswerKind.PLACE)
        wanted = AnswerKind.NUMBER if which else query.expected
        together = choose(findings, max(_DECIDING, _SPARE * asked.top))
        likelihoods = [self._decided(findings, together, ())]
        for side in sides[:_SIDES]:
            alone = analyse(side.question)
            if wanted is not AnswerKind.OTHER:
                alone = replace(alone, expected=wanted)
            found = self.searcher.find(alone, asked.snapshot, filters=asked.filters)
            about = [candidate for candidate in found.candidates if is_about(candidate, side)]
            lacking = missing_parts(alone, found, self.searcher.lexicon.pinyin) if not about else ()
            likely = self._decided(found, choose(found, _DECIDING), lacking)
            # Where nothing is missing, what answers the whole question answers for this side too.
            likely = likely if lacking else max(likely, likelihoods[0])
            missing += lacking
            likelihoods.append(likely)
            about = about or list(found.candidates[:1])
            fresh = selected(replace(found, candidates=tuple(about)), likely, len(about))
            spans = {selection.spans for selection in chosen}
            chosen += [selection for selection in fresh if selection.spans not in spans][:1]
        rest = [
            s
            for s in scored(together[: _SPARE * asked.top], likelihoods[0])
            if s.spans not in {c.spans for c in chosen}
        ]
        likely = min(likelihoods[1:])
        several = len(chosen) > 1 and asked.top > 1
        quotes = quoted(query, [*chosen, *rest][: asked.top], asked.snapshot)
        arrangement = Arrangement.COMPARISON if several else Arrangement.RANKED
        return Result(quotes, likely, arrangement, tuple(dict.fromkeys(missing)))

    def _decided(self, findings: Findings, chosen: Sequence[Selection], missing: Sequence[Missing]) -> float:
        """Give the probability that the archive answers the question, by what is to be quoted and what it lacks."""
        if not chosen:
            return 0.0
        told = evidence(findings, chosen[:_DECIDING], missing, self.searcher.lexicon.pinyin)
        return load_decision().probability(told, findings.terms.known_share)


def _same(one: Quote, other: Quote) -> bool:
    """Tell whether two quotes begin at the same words."""
    return (one.document_id, one.spans[0].start) == (other.document_id, other.spans[0].start)


def _odds(probability: float) -> float:
    likely = min(probability, _MOST_LIKELY)
    return likely / (1 - likely)


def _reply(question: str, remark: Remark, began: float) -> Answer:
    total = Timing("total", 1000 * (time.perf_counter() - began))
    return Answer(AnswerStatus.NOT_FOUND, question, remark.language, reply=remark.kind, timings=(total,))


def _listed(listing: Listing) -> Result:
    arrangement = Arrangement.COLLECTION if listing.total else Arrangement.RANKED
    return Result(listing.quotes, float(bool(listing.quotes)), arrangement, total=listing.total)


def _widened(findings: Findings, asked: Asked) -> Result:
    """Widen the quote that was given last."""
    selections = selected(findings, 1.0, len(findings.candidates))
    last = next((s for s in selections if is_given(s.text, asked, turns=1)), selections[0] if selections else None)
    if last is None:
        return Result((), 0.0)
    return Result((around(asked.snapshot, last.candidate.passage.document_id, last.spans),), 1.0)
