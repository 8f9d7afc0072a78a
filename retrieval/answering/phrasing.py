import re
from collections.abc import Sequence

from retrieval.answering.tables import ENDS, follow_up_tables, tongue_of
from retrieval.answering.topics import topic_of
from retrieval.language.folding import fold, to_traditional
from retrieval.language.identification import identify

__all__ = ["about_article", "because", "joined", "with_scope"]

_OPENS = "¿¡"
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLURAL = re.compile("^(?:他们|她们|它们|其中)")
# A clause of an answer, in characters, that is asked the reason of: 据统计 is none yet.
_STATEMENT = range(5, 41)


def with_scope(tongue: str, question: str, texts: Sequence[str]) -> str:
    """Add the place or year that a question is about."""
    if tongue == "zh":
        return "".join(texts) + question
    if tongue in ("ja", "ko"):
        return " ".join((*texts, question))
    stem = question.rstrip(ENDS)
    mark = question[len(stem) :].strip() or "?"
    year = follow_up_tables().patterns["year_as"].get(tongue, "{year}")
    phrases = [year.format(year=text) if _YEAR.fullmatch(text) else text for text in texts]
    return f"{stem} {' '.join(phrases)}{' ' if tongue == 'fr' else ''}{mark}"


def joined(tongue: str, question: str, base: str) -> str:
    """Ask a question about what the one before it, ``base``, was about."""
    join = follow_up_tables().patterns["join"][tongue]
    if tongue == "zh":
        folded = fold(question)
        said = question[len(folded) - len(_PLURAL.sub("", folded)) :]
        return join.format(topic=topic_of(base), question=said)
    return join.format(topic=base.strip(ENDS + _OPENS), question=question)


def about_article(question: str, article: str) -> str:
    """Ask a question about an article by its headline; the question as it is where there is none."""
    if not article:
        return question
    tongue = tongue_of(question, identify(question))
    return follow_up_tables().patterns["join"][tongue].format(topic=" ".join(article.split()), question=question)


def because(tongue: str, question: str, base: str, answers: Sequence[str]) -> str:
    """Ask why: of what the last answer says when that is one short clause of Chinese, else of the question before."""
    pattern = follow_up_tables().patterns["because"][tongue]
    clause = re.split(r"[，,。；;！!？?\n]", answers[-1].strip(), maxsplit=1)[0].strip() if answers else ""
    short = len(clause) in _STATEMENT and tongue_of(clause, "en") == "zh"
    if tongue == "zh" and identify(question) == "zh-Hant":
        pattern = to_traditional(pattern)
    return pattern.format(statement=clause if short else topic_of(base), topic=base.strip(ENDS + _OPENS))
