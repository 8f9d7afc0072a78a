"""An answer as Markdown, for chat programs: quotes, each with a number and a link to the place where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.api.schemas import Citation
from bot.wording import Messages, messages
from retrieval.types import Answer, AnswerStatus, Arrangement

__all__ = ["Piece", "pieces", "quoted_words", "summary_pieces"]

# What Markdown or HTML would give a meaning. Escaped, it is shown as the letter that it is.
_SPECIAL = re.compile(r"[\\`*_\[\]{}()#+\-.!|~<>&$:@]")
_ESCAPE = re.compile(r"\\([\\`*_\[\]{}()#+\-.!|~<>&$:@])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the answer's text, to be joined with the others; ``citation`` is the one that its link is for.

    ``mark`` is the link's place in ``text``: start and end.
    """

    text: str
    citation: Citation | None = None
    mark: tuple[int, int] = (0, 0)


def pieces(answer: Answer, citations: list[Citation]) -> Iterator[Piece]:
    """Give the parts of the answer in order; the text is theirs joined.

    :param citations: those of the answer's quotes, or of its near misses.
    """
    wording = messages(answer.language)
    if answer.reply is not None:
        yield Piece(_escaped(wording.text(f"reply_{answer.reply.value}")))
        return
    heads = list(_heads(answer, wording))
    gap = ""
    for head in heads:
        yield Piece(gap + _escaped(head))
        gap = "\n\n"
    for citation in citations:
        yield _quote(citation, wording, gap)
        gap = "\n\n"


def summary_pieces(answer: Answer, citations: list[Citation]) -> list[Piece]:
    """Give the parts of the summary, which stands below the quotes; none where there is no sentence."""
    if answer.summary is None or not answer.summary.sentences:
        return []
    links = {citation.number: _link(citation) for citation in citations}
    told = [Piece(f"\n\n{_escaped(messages(answer.language).text('summary'))}\n\n")]
    for text, numbers in answer.summary.sentences:
        told.append(Piece(f"{_escaped(text)} {''.join(links[number] for number in numbers)} "))
    return told


def quoted_words(text: str) -> str:
    """Give the words that an answer written by ``pieces`` quotes first; the whole text if it quotes none."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("> "):
            lines.append(line.removeprefix("> "))
        elif lines:
            break
    return _ESCAPE.sub(r"\1", "\n".join(lines) if lines else text)


def _heads(answer: Answer, wording: Messages) -> Iterator[str]:
    if answer.understood_as:
        yield wording.text("understood_as", question=answer.understood_as)
    if answer.status is AnswerStatus.NOT_FOUND:
        yield wording.text("not_found")
        for missing in answer.missing:
            key = f"missing_{missing.kind.value}"
            if missing.available:
                yield wording.text(f"{key}_instead", asked=missing.asked, available=wording.listing(missing.available))
            else:
                yield wording.text(key, asked=missing.asked)
        if answer.near_misses:
            yield wording.text("near_misses")
    elif answer.total:
        yield wording.text("collection_total", count=answer.total, shown=len(answer.quotes))
    elif answer.arrangement is not Arrangement.RANKED:
        yield wording.text(answer.arrangement.value)


def _quote(citation: Citation, wording: Messages, gap: str) -> Piece:
    lines = "\n> ".join(_escaped(line) for line in citation.text.splitlines())
    described = (
        wording.text("title", title=citation.title) if citation.title else "",
        citation.publication,
        wording.date(citation.date),
        wording.text("page", page=citation.page) if citation.page else "",
        "" if citation.title else citation.source,
    )
    place = " · ".join(_escaped(" ".join(part.split())) for part in described if part)
    before = f"{gap}> {lines}\n\n"
    mark = _link(citation)
    return Piece(f"{before}{mark} {place}", citation, (len(before), len(before) + len(mark)))


def _link(citation: Citation) -> str:
    return f"[\\[{citation.number}\\]]({citation.url})"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)
