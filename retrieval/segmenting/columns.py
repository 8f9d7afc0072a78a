import re
from collections.abc import Iterator, Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting.furniture import is_field, is_labelled, is_list_item, is_stanza, is_unfinished
from retrieval.types import Block, BlockKind

__all__ = ["is_parallel", "join_columns", "may_read_on", "reads_across"]

# A column that stops in the middle of a sentence is longer than this; shorter lines are labels without a full stop.
_MIN_CUT = 15
# A short line was only marked as a cut paragraph because it reads like one; this much of it is enough.
_MIN_CUT_SHORT = 8
# A short line with a comma at its end greets the reader of a letter.
_MIN_CUT_COMMA = 60
# How many blocks (captions, headings, furniture) may stand between the two halves of a sentence.
_MAX_BETWEEN = 6
# How far back a paragraph that begins in the middle of a sentence looks for its beginning, over headings too.
_MAX_BACK = 40
# What stands below one of these belongs to another section or article.
_SECTION_ENDS = frozenset((BlockKind.HEADING, BlockKind.BYLINE, BlockKind.CARD))
_BETWEEN = frozenset((BlockKind.CAPTION, BlockKind.IMPRINT, BlockKind.PULL_QUOTE))
_TEXT = frozenset((BlockKind.PARAGRAPH, BlockKind.NOTE))
_OPENING = re.compile(r"[，,。；;、”’」』》】：:）)!?！？]|的|地(?![方区])|得(?!到)")
# One character and a comma or semicolon begin no sentence: they end a word whose first half stands elsewhere.
_FRAGMENT = re.compile(r"[\u4e00-\u9fff][;；,，、。]")
# Words that open a sentence, and go on from none.
_STARTERS = re.compile(
    r"今年以来|近年来|近年,|目前|此外|另外|同时[,，]|据悉|据了解|据介绍|会上|会议|日前|近日|昨日|昨天|随后|接下来|下一步|截至|截止|其中——|一是|二是|三是|四是"
    r"|\d{4}年\d|\d{1,2}月\d{1,2}日|本报讯|[“「\"]?[①②③④⑤]|第[一二三四五六七八九十]+[章节条]"
)
_MAX_QUOTED = 200
_VERB = "v"
_PAIRS = (("「", "」"), ("『", "』"), ("“", "”"), ("«", "»"), ("（", "）"), ("《", "》"))
# No sentence ends with one of these words.
_NO_ENDS = re.compile(
    r"(?:the|an?|of|to|and|or|in|on|at|for|by|with|from|that|which|bis|von|der|die|das|und|oder|mit|für|im|am|zum|zur|den"
    r"|dem|des|eine?|einer|le|la|les|de|du|et|ou|à|une?|par|pour|el|los|las|y|en|del|con|il|lo|gli|di|da|che|и|в|на|с|по|из"
    r"|от|для|что)$"
)


def join_columns(text: str, blocks: Sequence[Block]) -> list[tuple[Block, ...]]:
    """Put the paragraphs together that a column's end has cut.

    Gives one tuple for each block that starts something, in the order of the text: most hold one block, a cut
    paragraph's holds its parts in reading order. Each block is in exactly one tuple.
    """
    continuation = _continuations(text, blocks)
    taken = set(continuation.values())
    joined: list[tuple[Block, ...]] = []
    for index in range(len(blocks)):
        if index in taken:
            continue
        parts, position = [blocks[index]], index
        while position in continuation:
            position = continuation[position]
            parts.append(blocks[position])
        joined.append(tuple(parts))
    return joined


def reads_across(text: str, above: Block, below: Block) -> bool:
    """Tell whether a cut paragraph surely goes on in another: by a small letter, or a word that lies across the cut."""
    first, second = _ending(text, above), _beginning(text, below)
    if not _is_cut(text, above):
        return False
    if _quote_goes_on(text, above, below):
        return True
    return _sentence_goes_on(first, second, 0) or _repeats_character(first, second) or _word_crosses(first, second)


def may_read_on(text: str, above: Block, below: Block) -> bool:
    """Tell whether a cut paragraph may go on in a Chinese one, which begins as no sentence has to."""
    second = _beginning(text, below)
    return _is_cut(text, above) and is_cjk(second[0]) and not is_list_item(second) and not _STARTERS.match(second)


def is_parallel(text: str, blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a line stands right above or below one that begins with the same word, as items of a list do."""
    if is_cjk(text[blocks[index].span.start]):
        return False
    lines = [line.split(maxsplit=1)[0] for line in _beginning(text, blocks[index]).splitlines() if line.strip()]
    first = lines[0]
    if len(lines) > 2 and len(set(lines)) == 1:
        return True
    beside = [index - 1] if index > 0 and blocks[index].gap == 0 else []
    beside += [index + 1] if index + 1 < len(blocks) and blocks[index + 1].gap == 0 else []
    return any(_beginning(text, blocks[other]).split(maxsplit=1)[0] == first for other in beside)


def _quote_goes_on(text: str, above: Block, below: Block) -> bool:
    """Tell whether a quotation or bracket that opens in a cut paragraph is closed in another."""
    first, second = text[above.span.start : above.span.end], text[below.span.start : below.span.end]
    for opener, closer in _PAIRS:
        if first.rfind(opener) > first.rfind(closer):
            end = second.find(closer)
            return 0 <= end <= _MAX_QUOTED and opener not in second[:end]
    return False


def _continuations(text: str, blocks: Sequence[Block]) -> dict[int, int]:
    openings = _sentence_openings(text, blocks)
    continuation: dict[int, int] = {}
    taken: set[int] = set()
    for index, block in enumerate(blocks):
        if block.kind not in _TEXT or not _is_cut(text, block):
            continue
        for distance, candidate in enumerate(_paragraphs_after(blocks, index)):
            if candidate in taken or distance > 2 or is_parallel(text, blocks, candidate):
                continue
            first, second = _ending(text, block), _beginning(text, blocks[candidate])
            if any(is_entry(_beginning(text, block)) and is_entry(second) for is_entry in (is_field, is_labelled)):
                continue
            near = _stands_next(blocks, index, candidate)
            if (
                (near and _may_continue(first, second, openings))
                or _quote_goes_on(text, block, blocks[candidate])
                or _sentence_goes_on(first, second, distance)
                or _word_crosses(first, second)
            ):
                continuation[index] = candidate
                taken.add(candidate)
                break
    for index, beginning in _fragments(text, blocks, continuation):
        continuation[beginning] = index
    return continuation


def _stands_next(blocks: Sequence[Block], index: int, candidate: int) -> bool:
    """Tell whether nothing but pictures with their captions and furniture stands between two paragraphs."""
    between = blocks[index + 1 : candidate]
    return blocks[candidate].gap <= 1 and all(block.kind in _BETWEEN for block in between)


def _fragments(text: str, blocks: Sequence[Block], continuation: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Give the paragraphs that begin with the end of a word, and the cut ones above that hold its beginning."""
    taken = set(continuation.values())
    begun = set(continuation)
    for index, block in enumerate(blocks):
        second = _beginning(text, block)
        if block.kind not in _TEXT or index in taken or not _FRAGMENT.match(second):
            continue
        for above in range(index - 1, max(-1, index - 1 - _MAX_BACK), -1):
            if blocks[above].kind not in _TEXT or above in begun or not _is_cut(text, blocks[above]):
                continue
            first = _ending(text, blocks[above])
            if _repeats_character(first, second) or _word_crosses(first, second):
                begun.add(above)
                yield index, above
                break


def _ending(text: str, block: Block) -> str:
    return text[max(block.span.start, block.span.end - 80) : block.span.end]


def _beginning(text: str, block: Block) -> str:
    return text[block.span.start : min(block.span.end, block.span.start + 80)]


def _is_cut(text: str, block: Block) -> bool:
    ending = _ending(text, block)
    if is_stanza(text[block.span.start : block.span.end]):
        return False
    least = _MIN_CUT_SHORT if is_cjk(ending[-1]) else _MIN_CUT_COMMA if ending.endswith(",") else _MIN_CUT
    return len(block.span) >= least and is_unfinished(ending) and not is_list_item(_beginning(text, block))


def _paragraphs_after(blocks: Sequence[Block], index: int) -> list[int]:
    found = []
    for number in range(index + 1, min(index + 1 + _MAX_BETWEEN, len(blocks))):
        if blocks[number].kind in _SECTION_ENDS:
            break
        if blocks[number].kind is blocks[index].kind:
            found.append(number)
    return found


def _sentence_openings(text: str, blocks: Sequence[Block]) -> set[str]:
    """Collect the first two characters of every paragraph that follows a finished one: how sentences open here."""
    openings: set[str] = set()
    finished = True
    for block in blocks:
        if block.kind is BlockKind.PARAGRAPH:
            if finished:
                openings.add(text[block.span.start : block.span.start + 2])
            finished = not is_unfinished(_ending(text, block))
    return openings


def _may_continue(first: str, second: str, openings: set[str]) -> bool:
    """Tell whether the paragraph right below a cut one reads on: it must not open as paragraphs open here."""
    if _OPENING.match(second):
        return True
    if is_list_item(second) or _STARTERS.match(second) or (not is_cjk(second[0]) and is_field(second)):
        return False
    if not is_cjk(second[0]) and second[0].isalpha():
        if _NO_ENDS.match(first.rsplit(maxsplit=1)[-1]):
            return True
        return second[0].islower() and not first.endswith((".", "!", "?"))
    if not is_cjk(first[-1]) and first[-1].isalpha():
        return False
    return second[:2] not in openings


def _sentence_goes_on(first: str, second: str, distance: int) -> bool:
    """Tell whether a sentence in an alphabet with capitals goes on in the next paragraph of the text."""
    return (
        distance == 0
        and second[0].islower()
        and not is_list_item(second)
        and (first[-1].isalnum() or first[-1] in ",-–—'’")
        and not is_cjk(first[-1])
    )


def _repeats_character(first: str, second: str) -> bool:
    """Tell whether a column's last character was read twice: …专项行动 | 动;以…."""
    import rjieba

    return first[-1] == second[0] and is_cjk(first[-1]) and bool(rjieba.has_word(first[-2:]))


def _word_crosses(first: str, second: str) -> bool:
    """Tell whether a dictionary word lies across the cut: …专业化水 | 平，打造….

    A verb with nothing after it but a comma is no proof: it would leave its sentence without an object.
    """
    if not (is_cjk(first[-1]) and is_cjk(second[0])):
        return False
    import rjieba

    head, tail = first[-12:], second[:12]
    position = 0
    for word, tag in rjieba.tag(head + tail):
        end = position + len(word)
        if position < len(head) < end and rjieba.has_word(word):
            follows = tail[end - len(head) : end - len(head) + 1]
            return not (tag.startswith(_VERB) and follows in "，,。；;")
        position = end
    return False
