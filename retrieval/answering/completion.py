import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering.elements import Element, ElementKind, find_elements
from retrieval.answering.naming import LOCATIVE, named_thing, phrase_start
from retrieval.answering.phrasing import because, joined, with_scope
from retrieval.answering.referents import with_referent
from retrieval.answering.tables import ENDS, follow_up_tables, tongue_of
from retrieval.language.folding import fold
from retrieval.language.identification import identify
from retrieval.language.questions import content_text, only_asks

__all__ = ["Completion", "complete_question"]

# Content characters below which a question hardly stands for itself: of Chinese, and words of an alphabet.
_FEW_CHARACTERS = 6
_FEW_WORDS = 3
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AGAIN = re.compile(r"[又也](?:是|有|叫|在)")
_VERB_FIRST = re.compile(r"^(?:都|又|也|一共|总共|被|共|还|是)?")
_NO_SUBJECT = ("v", "d", "r", "p")


@dataclass(frozen=True, slots=True)
class Completion:
    """A question that stands for itself: its text, what of it asks, and what later questions are completed with.

    ``is_tentative`` where hardly more than its shortness tells that it goes on with the one before: it may begin a new
    topic. ``is_new`` where it says itself that it begins one. ``swapped`` are the words that were put in the place of
    others, which the next question may replace again.
    """

    text: str
    asked: str
    base: str
    is_tentative: bool = False
    is_new: bool = False
    swapped: str = ""


def complete_question(question: str, before: Completion | None, answers: Sequence[str]) -> Completion:
    """Complete a question from the one before it.

    :param before: the last question of the conversation, complete itself; None for the first.
    :param answers: the answers given so far, oldest first.
    """
    if before is None:
        return Completion(question, question, question)
    new = _without(question, "new_topic")
    if new != question:
        return Completion(new, new, new, is_new=True)
    return _Follower(question, before, answers).complete()


def _without(question: str, kind: str) -> str:
    tables, folded = follow_up_tables(), fold(question)
    found = tables.match(kind, tongue_of(folded, identify(question)), folded)
    return question[found.end() :].strip() if found and found.end() < len(question) else question


class _Follower:
    """One question on its way to be completed."""

    def __init__(self, question: str, before: Completion, answers: Sequence[str]) -> None:
        self._before = before
        self._answers = answers
        self._original = question
        self._tables = follow_up_tables()
        self._tongue = tongue_of(question, identify(question))
        without_lead = self._lead(question)
        self._led = without_lead != question
        self._question = self._dated(without_lead)
        self._folded = fold(self._question)
        self._elements = find_elements(self._question)
        self._previous = find_elements(before.base)

    def complete(self) -> Completion:
        if not self._before.base.strip() or fold(self._original) == fold(self._before.base):
            return Completion(self._original, self._original, self._original)
        if self._tables.is_whole("why", self._tongue, self._folded.strip(ENDS + "¿")):
            text = because(self._tongue, self._original, self._before.base, self._answers)
            return Completion(text, self._question, self._before.base)
        substituted = self._substituted()
        if substituted is not None:
            return substituted
        texts = (self._before.base, *reversed(self._answers[-2:]))
        referred = with_referent(self._question, self._tongue, texts)
        if referred is not None:
            return Completion(referred, referred, self._before.base)
        refers = self._refers()
        if not (refers or self._has_pronoun(self._folded) or self._is_short()):
            return Completion(self._original, self._original, self._original)
        # 什么时候？ begins no topic.
        tentative = not (refers or only_asks(self._question))
        scoped = self._scoped()
        if scoped is not None:
            return Completion(scoped, self._question, scoped, is_tentative=tentative)
        text = joined(self._tongue, self._question, self._before.base)
        return Completion(text, self._question, self._before.base, is_tentative=tentative)

    def _lead(self, question: str) -> str:
        found = self._tables.match("lead", self._tongue, fold(question).lstrip("¿"))
        offset = len(question) - len(question.lstrip("¿"))
        if not found or not question[offset + found.end() :].strip(ENDS):
            return question
        return question[offset + found.end() :].strip()

    def _dated(self, question: str) -> str:
        """Write last year as the year that it is, seen from the conversation."""
        folded = fold(question)
        known = [year for text in (self._before.base, *reversed(self._answers)) for year in _YEAR.findall(text)]
        if not known or _YEAR.search(question):
            return question
        for words, step in self._tables.relative_years:
            start = folded.find(words)
            if start >= 0:
                year = self._tables.patterns["year_as"][self._tongue].format(year=int(known[0]) + step)
                return question[:start] + year + question[start + len(words) :]
        return question

    def _substituted(self) -> Completion | None:
        """Put what the question only names in the place of its like in the question before."""
        core = named_thing(self._question, self._elements, self._tongue, led=self._led)
        if core is None:
            return None
        element = next((e for e in self._elements if fold(e.text) in fold(core)), None)
        text = self._with(core, element)
        # Weather tomorrow is a thing that 明日の天気は？ may go on with or begin with; 天气呢 goes on.
        unnamed = element is None and not self._led and self._tongue != "zh"
        if text is None:
            return None
        return Completion(text, text, text, is_tentative=unnamed, swapped=core if core in text else "")

    def _with(self, core: str, element: Element | None) -> str | None:
        base = self._before.base
        target = self._counterpart(core, element)
        if target is not None:
            start = target.start
            if element is not None and element.kind is ElementKind.PLACE and self._tongue in ("de", "es", "fr", "ru"):
                # These languages decline and contract: the place comes with its preposition.
                own, other = phrase_start(self._question, element), LOCATIVE.search(base[:start])
                if own < element.start and other:
                    return f"{base[: other.start()]}{self._question[own : element.end]}{base[target.end :]}"
            return base[:start] + self._fitting(core, element, target) + base[target.end :]
        if element is None or element.kind in (ElementKind.YEAR, ElementKind.DATE, ElementKind.PLACE):
            return with_scope(self._tongue, base, [element.text if element is not None else core])
        return None

    def _counterpart(self, core: str, element: Element | None) -> Element | None:
        base, kind = self._before.base, element.kind if element is not None else None
        if kind is not None:
            same = [e for e in self._previous if e.kind is kind]
            if kind is ElementKind.YEAR and not same:
                same = [e for e in self._previous if e.kind is ElementKind.DATE] or self._relative_years(base)
            if same:
                return same[-1] if kind is ElementKind.PLACE and len(same) > 1 and len(core) < 4 else same[0]
        if any(words == fold(core) for words, _ in self._tables.relative_years):
            return next(iter(self._relative_years(base)), None)
        if kind in (ElementKind.YEAR, ElementKind.DATE, ElementKind.BODY) or self._tongue not in ("zh", "ja"):
            return None
        # 检察院 for 法院: words of one last character stand for things of one kind.
        import rjieba

        position = 0
        for word, tag in rjieba.tag(base):
            if tag.startswith("n") and len(word) > 1 and word[-1] == core[-1] and fold(word) != fold(core):
                return Element(ElementKind.BODY, position, position + len(word), word)
            position += len(word)
        wanted = [ElementKind.PLACE, ElementKind.PERSON]
        named = next((e for k in wanted for e in self._previous if e.kind is k), None)
        if named is None and self._before.swapped:
            # 渌口, which no tagger knows as a place, stands where 醴陵 stood.
            start = base.find(self._before.swapped)
            return Element(ElementKind.PLACE, start, start + len(self._before.swapped), self._before.swapped)
        return named

    def _relative_years(self, base: str) -> list[Element]:
        """Find 去年, this year and the like."""
        folded = fold(base)
        found = [(folded.find(words), words) for words, _ in self._tables.relative_years]
        return [
            Element(ElementKind.YEAR, start, start + len(words), base[start : start + len(words)])
            for start, words in sorted(found)
            if start >= 0
        ]

    def _fitting(self, core: str, element: Element | None, target: Element) -> str:
        """Give the words to put in a place: a year as the question before wrote it, a phrase with its preposition."""
        if element is not None and element.kind is ElementKind.YEAR and target.kind is ElementKind.YEAR:
            year = _YEAR.findall(element.text)[0]
            if not _YEAR.search(target.text):
                return self._tables.patterns["year_as"][self._tongue].format(year=year)
            return f"{year}{_YEAR.sub('', target.text)}"
        if element is not None and element.kind is ElementKind.DATE and not _YEAR.search(element.text):
            years = _YEAR.findall(target.text)
            if years:
                return f"{years[0]}年{element.text}" if self._tongue in ("zh", "ja") else f"{element.text} {years[0]}"
            return element.text
        if self._tongue in ("zh", "ja", "ko") or element is None:
            return core
        return element.text

    def _refers(self) -> bool:
        """Tell whether a question says that it goes on with the one before: And …, 那…, 又是, they."""
        if self._led or (self._tongue == "zh" and _AGAIN.search(self._folded)):
            return True
        # What looks like a pronoun often is none: los aviones, la mer est-elle salée, is it going to rain.
        none = self._tables.patterns["no_pronoun"].get(self._tongue)
        return self._has_pronoun(re.sub(none, "", self._folded, flags=re.IGNORECASE) if none else self._folded)

    def _has_pronoun(self, text: str) -> bool:
        pronouns = self._tables.patterns["pronoun"].get(self._tongue)
        return bool(pronouns and re.search(pronouns, text, re.IGNORECASE))

    def _is_short(self) -> bool:
        """Tell whether a question hardly stands for itself."""
        content = content_text(self._question)
        own = any(e.kind not in (ElementKind.YEAR, ElementKind.BODY) for e in self._elements)
        if self._tongue not in ("zh", "ja", "ko"):
            return len(content.split()) < _FEW_WORDS and not own
        length = sum(character.isalnum() for character in content)
        if own:
            return False
        return length < _FEW_CHARACTERS or (length < 2 * _FEW_CHARACTERS and self._lacks_subject())

    def _lacks_subject(self) -> bool:
        if self._tongue != "zh":
            return False
        import rjieba

        tags = rjieba.tag(_VERB_FIRST.sub("", self._folded))
        # 抓拍的摄像头: a verb before a noun is no predicate.
        adjective = len(tags) > 1 and tags[1][1] == "uj"
        return bool(tags) and tags[0][1].startswith(_NO_SUBJECT) and not adjective

    def _scoped(self) -> str | None:
        """Put the place and year before a question that has words enough of its own; None where it has not."""
        if self._tongue != "zh" or self._has_pronoun(self._folded) or self._lacks_subject():
            return None
        if sum(character.isalnum() for character in content_text(self._question)) < 4:
            return None
        have = {element.kind for element in self._elements}
        wanted = [
            e.text for e in self._previous if e.kind in (ElementKind.PLACE, ElementKind.YEAR) and e.kind not in have
        ]
        return with_scope(self._tongue, self._question, wanted) if wanted else None
