import unicodedata

from bot.cli.terminal import Style, one_line
from retrieval.types import Explanation, HitExplanation

__all__ = ["render_explanation"]

_SENTENCE_CHARACTERS = 100
_GROUP_TERMS = 5
# Features that move a score by less are summed up in one line.
_LEAST_POINTS = 0.05


def render_explanation(explanation: Explanation, style: Style) -> str:
    """Write an explanation as text: how the question was read, then each hit with what its score is the sum of."""
    groups = [" ".join(group[:_GROUP_TERMS]) for group in explanation.translations]
    head = [
        style.title(one_line(explanation.question)),
        f"language {explanation.language} · asks for {explanation.expected} · "
        f"answered with probability {explanation.probability:.2f}",
        f"terms: {one_line(' '.join(explanation.terms)) or '(none)'}",
        *([f"stand-ins: {one_line(' | '.join(groups))}"] if groups else []),
    ]
    hits = [_hit(number, explained, style) for number, explained in enumerate(explanation.hits, start=1)]
    return "\n\n".join(["\n".join(head), *(hits or ["no passage passes the filters"])])


def _hit(number: int, explained: HitExplanation, style: Style) -> str:
    hit, sentence = explained.hit, one_line(explained.sentence)
    if len(sentence) > _SENTENCE_CHARACTERS:
        sentence = f"{sentence[:_SENTENCE_CHARACTERS]}…"
    told = [part for part in explained.contributions if abs(part.points) >= _LEAST_POINTS]
    rest = sum(part.points for part in explained.contributions if abs(part.points) < _LEAST_POINTS)
    rows = [_row(part.name, f"{part.value:.3f}", part.points) for part in told]
    total = sum(part.points for part in explained.contributions)
    return "\n".join(
        [
            style.title(f"{number}. {sentence}"),
            style.faint(f"   {one_line(hit.source)} · {hit.passage.kind} · share {hit.score:.3f}"),
            "   channels: " + "  ".join(f"{channel.channel} {channel.score:.3f}" for channel in hit.channels),
            _row("feature", "value", "points"),
            *rows,
            *([_row("others", "", rest)] if len(told) < len(explained.contributions) else []),
            _row("score", "", total),
        ]
    )


def _row(name: str, value: str, points: float | str) -> str:
    shown = points if isinstance(points, str) else f"{points:+.2f}"
    return f"   {name}{' ' * (26 - _width(name))}{value:>8}{shown:>9}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
