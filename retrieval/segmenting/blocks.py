import re
from collections.abc import Iterator
from itertools import pairwise

from retrieval.language.scripts import has_cjk, is_cjk
from retrieval.segmenting import furniture, mastheads, signatures
from retrieval.segmenting.layout import Layout, cells, is_full, is_wrapped, measure_layout
from retrieval.segmenting.lines import Line, groups
from retrieval.segmenting.marking import mark_blocks
from retrieval.segmenting.names import is_latin_names
from retrieval.types import Block, BlockKind, Span

__all__ = ["find_blocks"]

# A caption is one clause: longer text in the place of a picture is a paragraph.
_MAX_CAPTION = 45
_MAX_CAPTION_SENTENCE = 22
# A caption that says what the picture shows after what happened: ….图为….
_MAX_POINTING = 120
_MAX_HEADLINE_WITH_COMMA = 25
_MAX_HANGUL_WITH_COMMA = 44
_HANGUL = re.compile("[\uac00-\ud7a3]")
_CLAUSE_MARKS = frozenset("，,、;；")
# So many short lines together are verse, an address or a list rather than headlines.
_MIN_VERSE = 4
_MIN_WRAPPED_WIDE = 40
# A column is wider than this; lines as short as that are of verse.
_MIN_WIDTH = 20
_MAX_COUPLET = 8
# Where many lines are this much longer, a line's end is not where it was broken.
_MAX_RAGGED = 1.25
# The upper of two lines that were one fills this much of the wider one's width.
_MIN_FULL = 0.8
# 小区门口卖西瓜 瓜皮谁来扫？
_TWO_CLAUSES = re.compile(r"[^\s，。；：:“]{4,16}[ \u3000][^\s，。；：:“]{4,16}[？?！!]$")
# A speech, or who said the motto above it.
_SPOKEN = re.compile(r"[—–] \w")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"")
# A headline may end as a sentence does: Herzlichen Glückwunsch! Exam halls to open at 8 a.m.
_EXCLAIMS = re.compile(r"[A-ZÀ-ÝА-ЯЁ][\w'’-]+(?: [\w'’-]+){0,2}!$|[A-Z][\w'’-]+(?: [\w'’:.-]+){1,7} [ap]\.m\.$")
_QUOTES = '“”‘’「」『』"«»'


def find_blocks(text: str, layout: Layout | None = None) -> list[Block]:
    """Cut a document's text into blocks and tell what each is by its words and its neighbours.

    :param text: the text, or a stretch of it.
    :param layout: how it is set, where that was measured.
    :returns: blocks in the order of the text; every character that is not white space lies in exactly one of them.
    """
    layout = layout or measure_layout(text)
    blocks: list[Block] = []
    for gap, lines in groups(text):
        blocks.extend(_group_blocks(gap, lines, blocks[-1] if blocks else None, layout))
    return mark_blocks(text, blocks, layout)


def _group_blocks(gap: int, lines: tuple[Line, ...], before: Block | None, layout: Layout) -> list[Block]:
    texts = tuple(line.text for line in lines)
    whole = Span(lines[0].span.start, lines[-1].span.end)
    if furniture.is_card(texts):
        return [Block(BlockKind.CARD, whole, gap)]
    if _is_one_paragraph(texts) or _is_verse(lines, layout) or _is_couplet(texts):
        return [Block(BlockKind.PARAGRAPH, whole, gap)]
    blocks: list[Block] = []
    for run in _runs(lines, layout):
        kind = _kind(run, lines, gap if not blocks else 0, blocks[-1] if blocks else before, layout)
        blocks.append(Block(kind, Span(run[0].span.start, run[-1].span.end), gap if not blocks else 0))
    signed = any(block.kind is BlockKind.BYLINE for block in blocks) or any(map(_signs, texts))
    if len(blocks) > 1 and blocks[-1].kind is BlockKind.CAPTION and furniture.is_credit(texts[-1]) and not signed:
        # A credit on a line of its own: what stands above it is the caption.
        return [Block(BlockKind.CAPTION, block.span, block.gap) for block in blocks]
    return blocks


def _signs(line: str) -> bool:
    return is_latin_names(line.rstrip("."))


def _is_one_paragraph(texts: tuple[str, ...]) -> bool:
    """Tell whether lines are a table or a piece of code, which only say something together."""
    rows = sum(map(furniture.is_row, texts))
    return texts[0].startswith("```") or all(text.startswith("|") for text in texts) or 2 <= len(texts) - 1 <= rows


def _is_verse(lines: tuple[Line, ...], layout: Layout) -> bool:
    """Tell whether lines are verse: many, short, none of them a sentence or a field, and broken at no width."""
    if len(lines) < _MIN_VERSE or (layout.wrap_width and is_wrapped(lines, layout.wrap_width - 2)):
        return False
    return all(
        cells(text) <= _MIN_WRAPPED_WIDE
        and (furniture.is_unfinished(text) or text.endswith((":", "：", ";", "；")))
        and not furniture.heading_pattern(text)
        and not mastheads.is_imprint(text)
        and not _is_byline(text)
        and not furniture.is_field(text)
        and not furniture.is_credit(text)
        for text in (line.text for line in lines[:-1])
    )


def _is_couplet(texts: tuple[str, ...]) -> bool:
    """Tell whether lines are a couplet or more, as old verse is set: short, with a comma after the first."""
    return (
        1 < len(texts) <= _MAX_COUPLET
        and all(len(text) <= furniture.MAX_VERSE and is_cjk(text[0]) for text in texts)
        and texts[0].endswith(("，", "、", "；"))
        and all(text[-1] in "，、；。！？" for text in texts)
        and texts[-1].endswith(("。", "！", "？"))
    )


def _runs(lines: tuple[Line, ...], layout: Layout) -> Iterator[list[Line]]:
    """Give the lines of a group in runs, each a paragraph that was wrapped or a line of its own."""
    width = _width(lines, layout)
    # Where first lines are indented, an indent tells a paragraph's beginning; where all lines are, none does.
    flush = min(line.indent for line in lines)
    run = [lines[0]]
    for above, below in pairwise(lines):
        item = furniture.is_list_item(run[0].text) or furniture.heading_pattern(run[0].text) != ""
        indented = below.indent >= flush + 2 and not item
        if not indented and _goes_on(above, below, width, layout):
            run.append(below)
            continue
        yield run
        run = [below]
    yield run


def _width(lines: tuple[Line, ...], layout: Layout) -> int:
    """Give the width at which a group's lines are broken, 0 where they are not."""
    if len(lines) == 1:
        return 0
    widest = max(cells(line.text) for line in lines)
    if len(lines) > 2 and all(not furniture.is_unfinished(line.text) for line in lines[:-1]):
        return 0  # text that was wrapped ends few lines with a sentence's end
    if layout.wrap_width and widest <= layout.wrap_width + 4:
        return layout.wrap_width - 2 if widest < layout.wrap_width else widest
    if len(lines) == 2:
        above = lines[0].text
        reads_on = furniture.is_unfinished(above) and cells(above) >= max(_MIN_WRAPPED_WIDE, widest * _MIN_FULL)
        return widest if reads_on and layout.widest <= widest * _MAX_RAGGED else 0
    return widest if widest >= _MIN_WIDTH and is_wrapped(lines, widest) else 0


def _goes_on(above: Line, below: Line, width: int, layout: Layout) -> bool:
    """Tell whether two lines under each other are one paragraph that was wrapped."""
    if width == 0 or not is_full(above.text, below.text, width):
        return False
    if furniture.is_list_item(below.text) or below.text.startswith(("——", ">", "#")):
        return False
    if furniture.heading_pattern(above.text).startswith("markdown"):
        return False
    return not any(
        mastheads.is_imprint(line.text) or _is_byline(line.text) or line.text in layout.running
        for line in (above, below)
    )


def _kind(run: list[Line], lines: tuple[Line, ...], gap: int, before: Block | None, layout: Layout) -> BlockKind:
    text = run[0].text if len(run) == 1 else "\n".join(line.text for line in run)
    told = _told_by_itself(text, before, layout)
    if told is BlockKind.CAPTION and _is_bulleted(run[0], lines):
        told = None  # items of a list have the same mark
    if told is not None:
        return told
    if not furniture.is_short(text) or _is_item(run[0], lines) or _is_lead_in(text) or _SPOKEN.match(text):
        return BlockKind.PARAGRAPH
    numbered = furniture.heading_pattern(text) != ""
    after_picture = layout.is_press and before is not None and gap >= layout.picture_gap
    if after_picture and not numbered and len(text) <= _MAX_CAPTION:
        return BlockKind.CAPTION
    if layout.is_press and len(lines) == 1 and _EXCLAIMS.match(text):
        return BlockKind.HEADING
    if layout.is_press and len(lines) == 1 and _TWO_CLAUSES.match(text):
        return BlockKind.HEADING
    if furniture.is_unfinished(text) or text.endswith("——"):
        return BlockKind.PARAGRAPH if _reads_on(text) else BlockKind.HEADING
    one_clause = len(text) <= _MAX_CAPTION_SENTENCE and not _CLAUSE_MARKS.intersection(text) and text[0] not in _QUOTES
    beside_picture = before is not None and before.kind in (BlockKind.CAPTION, BlockKind.HEADING)
    if layout.is_press and one_clause and beside_picture:
        return BlockKind.CAPTION
    return BlockKind.PARAGRAPH


def _told_by_itself(text: str, before: Block | None, layout: Layout) -> BlockKind | None:
    """Give the kind of a text whose words alone tell it: a page's or a picture's furniture, a by-line, a note."""
    points = layout.is_press and len(text) <= _MAX_POINTING and furniture.points_at_picture(text)
    points = points and (furniture.is_short(text) or "图为" in text or "圖為" in text)
    if (text in layout.running and before is not None) or mastheads.is_imprint(text) or mastheads.is_jump(text):
        return BlockKind.IMPRINT
    if points or furniture.is_credit(text):
        return BlockKind.CAPTION
    if _is_byline(text):
        return BlockKind.BYLINE
    if furniture.is_note(text):
        return BlockKind.NOTE
    if furniture.heading_pattern(text).startswith("markdown"):
        return BlockKind.HEADING
    return None


def _is_lead_in(text: str) -> bool:
    """Tell whether a line greets, announces what follows it, or says whom to call."""
    return text.endswith((":", "：")) or furniture.is_contact(text)


def _is_bulleted(line: Line, lines: tuple[Line, ...]) -> bool:
    """Tell whether a line is one of several that begin with the same mark."""
    return furniture.is_bulleted(line.text) and sum(other.text[0] == line.text[0] for other in lines) > 1


def _is_item(line: Line, lines: tuple[Line, ...]) -> bool:
    """Tell whether a line is an item of a list or a field of a form: its neighbours in the group are such too."""
    if furniture.is_list_item(line.text) or furniture.is_row(line.text):
        return True
    if _is_bulleted(line, lines):
        return True
    pattern = furniture.heading_pattern(line.text)
    if pattern == "keyword" or len(lines) == 1:
        return False
    others = [other.text for other in lines if other is not line]
    if pattern:
        return any(furniture.heading_pattern(other) == pattern for other in others)
    return any(tells(line.text) and any(map(tells, others)) for tells in (furniture.is_field, furniture.is_labelled))


def _is_byline(text: str) -> bool:
    return furniture.is_short(text) and furniture.is_unfinished(text) and signatures.is_byline(text)


def _reads_on(text: str) -> bool:
    """Tell whether a line without an end is the first part of a cut paragraph rather than a headline."""
    if text.endswith((",", "，", "、")) or (text[0].isascii() and text[0].islower()):
        return True
    commas = sum(character in "，," for character in _QUOTED.sub("", text))
    if not has_cjk(text):
        return commas > 2 or (furniture.is_field(text) and commas > 0)
    longest = _MAX_HANGUL_WITH_COMMA if _HANGUL.search(text) else _MAX_HEADLINE_WITH_COMMA
    return "。" in text or (commas > 0 and len(text) > longest)
