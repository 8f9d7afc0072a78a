"""What a block of a page shows, by itself and by where it stands: what :mod:`retrieval.segmenting.kinds` goes by."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.segmenting import furniture, mastheads, signatures
from retrieval.segmenting.dates import DATE, WEEKDAY
from retrieval.segmenting.fields import take_fields
from retrieval.segmenting.halves import is_tail
from retrieval.segmenting.layout import cells
from retrieval.segmenting.leads import names_day
from retrieval.segmenting.names import han_names, is_latin_names
from retrieval.segmenting.posts import names_post
from retrieval.segmenting.surroundings import Surroundings
from retrieval.types import Block

__all__ = ["Traits", "traits_of"]

# A block's beginning shows what it is.
_MAX_READ = 400
_MAX_ENDING = 60
# No line of a page's furniture is longer.
_MAX_LINE = 90
_WIDTHS = (4, 8, 12, 18, 26, 36, 50, 70, 100, 160, 300)
_BOUNDS = (8, 18, 36, 70, 160)
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
)
_MARKS = frozenset("。！？!?…：:；;，,、.”」』）)》】\"'—-")
_SENTENCES = re.compile(r"。.|[.!?] [A-Z]", re.DOTALL)
_LINE_END = re.compile("\r\n?")
_COMMAS = re.compile("[，,、]")
_LABEL = re.compile(r"[^:：]{1,6}[:：]")
_MANY = 3

_LINE_TESTS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("date", DATE.search),
    ("weekday", WEEKDAY.search),
    ("imprint", mastheads.is_imprint),
    ("masthead", mastheads.is_masthead_field),
    ("paper", mastheads.publication_of),
    ("jump", mastheads.is_jump),
    ("address", mastheads.is_address),
    ("names", han_names),
    ("latin-names", is_latin_names),
    ("byline", signatures.is_byline),
    ("office", signatures.is_organisation),
    ("signature", signatures.is_signature),
    ("writer", signatures.names_writer),
    ("credit", furniture.is_credit),
    ("label", furniture.is_label),
    ("box", furniture.is_box),
    ("list-title", furniture.is_list_title),
    ("notice", furniture.is_notice_title),
    ("deck", furniture.is_deck),
    ("post", names_post),
    ("field", furniture.is_field),
    ("labelled", furniture.is_labelled),
    ("capitals", str.isupper),
)
_TESTS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("dateline", signatures.is_dateline),
    ("points", furniture.points_at_picture),
    ("note", furniture.is_note),
    ("item", furniture.is_list_item),
    ("day", names_day),
    ("contact", furniture.is_contact),
    ("tail", is_tail),
)


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of a block: its own, which also tell of its neighbours, its words, and those of its place."""

    own: tuple[str, ...]
    words: tuple[str, ...]
    place: tuple[str, ...]


def traits_of(text: str, blocks: Sequence[Block]) -> list[Traits]:
    """Give the traits of each of a page's blocks, whatever kinds they have."""
    # Whatever its lines end with, a block shows the same.
    whole = [_LINE_END.sub("\n", text[b.span.start : b.span.end]) for b in blocks]
    lines = [said[:_MAX_READ] for said in whole]
    own = [_own(said[:_MAX_READ], said[-_MAX_ENDING:], len(said)) for said in whole]
    page = Surroundings(text, blocks, lines, own)
    return [
        Traits(shown, _words(lines[index]), ("any", *page.around(index), *page.beside(index), *page.cut(index)))
        for index, shown in enumerate(own)
    ]


def _own(line: str, ending: str, length: int) -> tuple[str, ...]:
    return tuple(_own_traits(line, ending, length))


def _own_traits(line: str, ending: str, length: int) -> Iterator[str]:
    width = cells(line) + length - len(line)
    yield f"width {sum(width > bound for bound in _WIDTHS)}"
    yield from (f"wider {bound}" for bound in _BOUNDS if width > bound)
    script = next((name for name, pattern in _SCRIPTS if pattern.search(line)), "alphabet")
    yield script
    yield f"ends {ending[-1] if ending[-1] in _MARKS else _class(ending[-1])}"
    yield f"begins {_class(line[0]) if line[0].isalnum() else line[0]}"
    if not furniture.is_unfinished(ending):
        yield "finished"
    if _SENTENCES.search(line):
        yield "sentences"
    yield f"commas {min(len(_COMMAS.findall(line)), _MANY)}"
    yield from (name for name, mark in (("space", " "), ("lines", "\n"), ("quote", "“")) if mark in line)
    if "\u3000" in line:
        yield "space"
    if ":" in line or "：" in line:
        yield "labels" if _LABEL.match(line) else "colon"
    digits = sum(map(str.isdigit, line))
    yield f"digits {0 if not digits else 1 if digits * 5 < len(line) else 2}"
    if length <= _MAX_LINE:
        yield from _line_traits(line, script)
    yield from (name for name, test in _TESTS if test(line))
    if signatures.sign_off(ending):
        yield "signed"
    pattern = furniture.heading_pattern(line)
    if pattern:
        yield f"pattern {pattern}"


def _line_traits(line: str, script: str) -> Iterator[str]:
    yield from (name for name, test in _LINE_TESTS if test(line))
    taken = take_fields(line)
    if taken.kinds:
        yield f"fields {min(taken.kinds, _MANY)}"
    if taken.others:
        yield "others"
    if furniture.is_name(line.split("\n", 1)[0]):
        yield "name"
    words = line.split()
    if script == "zh":
        yield f"pieces {min(len(words), 5)}"
    elif script == "alphabet":
        yield f"words {min(len(words) // 2, 6)}"
        if sum(word[0].isupper() for word in words) > len(words) * 0.6:
            yield "title case"


def _words(line: str) -> tuple[str, ...]:
    """Give the first and last characters of a line, by which many a heading, caption and by-line are known."""
    if len(line) > _MAX_LINE:
        return ()
    return (f"a {line[:1]}", f"aa {line[:2]}", f"z {line[-1:]}", f"zz {line[-2:]}")


def _class(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "upper" if character.isupper() else "lower" if character.islower() else "letter"
