"""Whether one paragraph ends in the middle of a sentence that another one ends, told by their words alone."""

import re
from collections.abc import Sequence

from retrieval.language.scripts import is_cjk
from retrieval.segmenting.dates import DATE
from retrieval.segmenting.furniture import is_list_item, is_stanza, is_unfinished
from retrieval.types import Block

__all__ = [
    "beginning_of",
    "closes_early",
    "counts_on",
    "counts_something",
    "dangles",
    "ending_of",
    "ends_in_function_word",
    "ends_open",
    "is_cut",
    "is_parallel",
    "is_tail",
    "opens_sentence",
    "quote_goes_on",
    "reads_across",
    "repeats_character",
    "sentence_goes_on",
    "word_crosses",
    "word_ends",
]

# A column that stops in the middle of a sentence is longer than this; shorter lines are labels without a full stop.
_MIN_CUT = 15
# Who wrote it stands behind the last sentence.
_SIGNED_END = re.compile(r"[。！？!?”][\s\u3000]*[（(【][^（()）【】]{1,40}[)）】]$")
# A short line was only marked as a cut paragraph because it reads like one; this much of it is enough.
_MIN_CUT_SHORT = 8
# A short line with a comma at its end greets the reader of a letter.
_MIN_CUT_COMMA = 60
_OPENING = re.compile(r"[，,。；;、”’」』》】：:）)!?！？]|的|地(?![方区])|得(?!到)")
# Words that open a sentence, and go on from none.
_STARTERS = re.compile(
    r"今年以来|近年来|近年,|目前|此外|另外|同时[,，]|据悉|据了解|据介绍|会上|会议|日前|近日|昨日|昨天|随后|接下来|下一步|截至|截止|其中——|一是|二是|三是|四是"
    r"|\d{4}年\d|\d{1,2}月\d{1,2}日|本报讯|[“「\"]?[①②③④⑤]|第[一二三四五六七八九十]+[章节条]"
)
# One character and a comma or semicolon begin no sentence.
_FRAGMENT = re.compile(r"[\u4e00-\u9fff][;；,，、。]")
_MAX_QUOTED = 200
_ENDS_IN_NUMBER = re.compile(r"(?:\d|[一二三四五六七八九十百千万亿]{2})$")
_COUNTED = re.compile(
    r"[余多馀]?(?:[个個件名人次起户戶亩畝公里米斤吨噸辆輛台套元万億亿千百场場处處所家条條项項岁歲年月天封块塊间間%％]|平方|立方)"
    r"|[余多]万"
)
_VERB = "v"
# Words that begin no sentence, unless another of these follows: 也 | 是, 就 | 像.
_NO_BEGINNINGS = frozenset("也就都才便却则")
_OPEN_TOO = frozenset(("是", "有", "在", "说", "像", "要", "会", "能"))
_MIN_DANGLING = 8
_PAIRS = (("「", "」"), ("『", "』"), ("“", "”"), ("«", "»"), ("（", "）"), ("《", "》"))
# The end of a sentence, whose beginning stands elsewhere: so short a clause, none that tells when or how.
_TAIL = re.compile(r"(?P<clause>[\u4e00-\u9fff\d.%％]{1,4})[”’」』》）)]*[，,、。；;！？!?]")
_OPENING_TAGS = frozenset("tcdrpilnzfasj")
# No sentence ends with one of these characters.
_NO_END = frozenset("，、的和与及")
# Nor with one of these, where it is a word by itself: 要, not 需要.
_AUXILIARIES = frozenset("要会能可应須须将將把被让讓使向从從对對于於")
# No sentence ends with one of these words.
_NO_ENDS = re.compile(
    r"(?:the|an?|of|to|and|or|in|on|at|for|by|with|from|that|which|bis|von|der|die|das|und|oder|mit|für|im|am|zum|zur|den"
    r"|dem|des|eine?|einer|le|la|les|de|du|et|ou|à|une?|par|pour|el|los|las|y|en|del|con|il|lo|gli|di|da|che|и|в|на|с|по|из"
    r"|от|для|что)$"
)


def reads_across(text: str, above: Block, below: Block) -> bool:
    """Tell whether a cut paragraph surely goes on in another: by a small letter, or a word that lies across the cut."""
    first, second = ending_of(text, above), beginning_of(text, below)
    if not is_cut(text, above):
        return False
    if quote_goes_on(text, above, below):
        return True
    return (
        sentence_goes_on(first, second)
        or repeats_character(first, second)
        or word_crosses(first, second)
        or counts_on(first, second)
    )


def is_parallel(text: str, blocks: Sequence[Block], index: int) -> bool:
    """Tell whether a line stands right above or below one that begins with the same word, as items of a list do."""
    if is_cjk(text[blocks[index].span.start]):
        return False
    lines = [line.split(maxsplit=1)[0] for line in beginning_of(text, blocks[index]).splitlines() if line.strip()]
    first = lines[0]
    if len(lines) > 2 and len(set(lines)) == 1:
        return True
    beside = [index - 1] if index > 0 and blocks[index].gap == 0 else []
    beside += [index + 1] if index + 1 < len(blocks) and blocks[index + 1].gap == 0 else []
    return any(beginning_of(text, blocks[other]).split(maxsplit=1)[0] == first for other in beside)


def quote_goes_on(text: str, above: Block, below: Block) -> bool:
    """Tell whether a quotation or bracket that opens in a cut paragraph is closed in another."""
    first, second = text[above.span.start : above.span.end], text[below.span.start : below.span.end]
    for opener, closer in _PAIRS:
        if first.rfind(opener) > first.rfind(closer):
            end = second.find(closer)
            return 0 <= end <= _MAX_QUOTED and opener not in second[:end]
    return False


def ending_of(text: str, block: Block) -> str:
    """Give the last words of a block."""
    return text[max(block.span.start, block.span.end - 80) : block.span.end]


def beginning_of(text: str, block: Block) -> str:
    """Give the first words of a block."""
    return text[block.span.start : min(block.span.end, block.span.start + 80)]


def is_cut(text: str, block: Block) -> bool:
    """Tell whether a paragraph stops in the middle of a sentence, and is no label, list or verse."""
    ending = ending_of(text, block)
    if is_stanza(text[block.span.start : block.span.end]):
        return False
    least = _MIN_CUT_SHORT if is_cjk(ending[-1]) else _MIN_CUT_COMMA if ending.endswith(",") else _MIN_CUT
    if len(block.span) < least or not is_unfinished(ending) or _SIGNED_END.search(ending):
        return False
    beginning = beginning_of(text, block)
    return not (is_list_item(beginning) or beginning.startswith("——") or DATE.fullmatch(beginning))


def sentence_goes_on(first: str, second: str) -> bool:
    """Tell whether a sentence in an alphabet with capitals goes on in another paragraph."""
    return (
        second[0].islower()
        and not is_list_item(second)
        and (first[-1].isalnum() or first[-1] in ",-–—'’")
        and not is_cjk(first[-1])
    )


def ends_open(first: str) -> bool:
    """Tell whether a text stops with a word that ends no Chinese sentence: …十五厘米长的 | …, …的老桥要 | …."""
    if first[-1] not in _AUXILIARIES:
        return first[-1] in _NO_END
    import rjieba

    return len(rjieba.cut(first[-12:])[-1]) == 1


def ends_in_function_word(first: str) -> bool:
    """Tell whether a text stops behind a word that ends no sentence: of the | …."""
    return _NO_ENDS.match(first.rsplit(maxsplit=1)[-1]) is not None


def opens_sentence(second: str) -> bool:
    """Tell whether a text begins with words that open a sentence, and go on from none: 今年以来…."""
    return _STARTERS.match(second) is not None


def word_ends(second: str) -> bool:
    """Tell whether a text begins with what can only follow other words: a comma, a closing bracket, 的."""
    return _OPENING.match(second) is not None


def closes_early(second: str) -> bool:
    """Tell whether a text begins with one character and a comma: they end a word whose first half stands elsewhere."""
    return _FRAGMENT.match(second) is not None


def repeats_character(first: str, second: str) -> bool:
    """Tell whether a column's last character was read twice: …专项行动 | 动;以…."""
    import rjieba

    return first[-1] == second[0] and is_cjk(first[-1]) and bool(rjieba.has_word(first[-2:]))


def counts_on(first: str, second: str) -> bool:
    """Tell whether a column stops behind a number, and another begins with what it counts: 一千一百 | 余件."""
    return _ENDS_IN_NUMBER.search(first) is not None and _COUNTED.match(second) is not None


def counts_something(second: str) -> bool:
    """Tell whether a text begins with what a number counts: 余件…."""
    return _COUNTED.match(second) is not None


def word_crosses(first: str, second: str) -> bool:
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


def dangles(second: str) -> bool:
    """Tell whether a paragraph begins with a word that begins no Chinese sentence: 也 | 过户 | 到."""
    if second[0] not in _NO_BEGINNINGS or len(second) < _MIN_DANGLING:
        return False
    import rjieba

    first, following, *_ = rjieba.cut(second[:12])
    return len(first) == 1 and following not in _OPEN_TOO


def is_tail(second: str) -> bool:
    """Tell whether a text begins with so short a clause as ends a sentence, and begins none: 度过。, 427件,."""
    match = _TAIL.match(second)
    if match is None or _STARTERS.match(second):
        return False
    clause = match["clause"]
    if len(clause) == 1 or clause[0].isdigit():
        return not clause.isdigit()
    import rjieba

    words = rjieba.tag(clause)
    if len(words) == 1:
        return words[0][1][0] not in _OPENING_TAGS
    return words[0][1][0] in "mqvu"
