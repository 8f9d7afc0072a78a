"""Telegram's HTML, read as strictly as its Bot API reads it, and a little more strictly where that helps a test.

Stricter than the real one: a bare ``&`` or ``>``, an unknown entity, a quotation within a quotation, markup within
code, and an unknown attribute are refused; the real one shows them as they are, or drops the markup.
"""

import re
from dataclasses import dataclass

__all__ = ["Entity", "MarkupError", "ParsedText", "parse_html", "utf16"]

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_ATTRIBUTES = {
    "span": r' class="tg-spoiler"',
    "a": r' href="[^"<>]+"',
    "code": r'( class="language-[^"<>]+")?',
    "blockquote": r"( expandable)?",
    "tg-emoji": r' emoji-id="[0-9]+"',
}
_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[^\s<>/]*)(?P<attributes>[^<>]*)>|&(?P<entity>[^;&<>\s]*);|(?P<bare>[<>&])|[^<>&]+"
)
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class MarkupError(ValueError):
    """The text is not in Telegram's HTML; the message is the Bot API's."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled stretch: ``offset`` and ``length`` count UTF-16 code units, ``text`` is what it covers."""

    kind: str
    offset: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class ParsedText:
    """A text without its markup, and the entities that the markup made, in the order of their ends."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    kind: str
    start: int


def utf16(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(html: str) -> ParsedText:
    """Parse Telegram's HTML.

    :raises MarkupError: if a tag, an attribute or an entity is not Telegram's, or tags do not match.
    """
    text = ""
    stack: list[_Open] = []
    entities: list[Entity] = []
    for token in _TOKEN.finditer(html):
        where = f"at byte offset {len(html[: token.start()].encode())}"
        if token["bare"]:
            raise MarkupError(f'Unescaped "{token["bare"]}" {where}')
        if token["tag"] is None:
            text += _decoded(token["entity"], where) if token["entity"] is not None else token[0]
        elif token["end"]:
            opened = _closed(token["tag"], stack, where)
            if len(text) > opened.start:
                covered = text[opened.start :]
                entities.append(Entity(opened.kind, utf16(text[: opened.start]), utf16(covered), covered))
        else:
            stack.append(_opened(token["tag"], token["attributes"], stack, len(text), where))
    if stack:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return ParsedText(text, tuple(entities))


def _decoded(entity: str, where: str) -> str:
    number = re.fullmatch(r"#(?:([0-9]{1,7})|x([0-9a-fA-F]{1,6}))", entity)
    if number:
        code = int(number[1]) if number[1] else int(number[2], 16)
        if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            return chr(code)
    if entity not in _ENTITIES:
        raise MarkupError(f'Unsupported entity "&{entity};" {where}')
    return _ENTITIES[entity]


def _opened(tag: str, attributes: str, stack: list[_Open], start: int, where: str) -> _Open:
    name = tag.lower()
    if name not in _KINDS:
        raise MarkupError(f'Unsupported start tag "{name}" {where}')
    if not re.fullmatch(_ATTRIBUTES.get(name, ""), attributes):
        raise MarkupError(f'Unsupported attributes in the tag "{name}" {where}')
    kind = _KINDS[name]
    if name == "blockquote" and any(opened.tag == name for opened in stack):
        raise MarkupError(f"A quotation within a quotation {where}")
    if any(opened.kind == "code" for opened in stack):
        raise MarkupError(f"Markup within code {where}")
    return _Open(name, f"expandable_{kind}" if attributes == " expandable" else kind, start)


def _closed(tag: str, stack: list[_Open], where: str) -> _Open:
    if not stack:
        raise MarkupError(f"Unexpected end tag {where}")
    opened = stack.pop()
    if tag.lower() != opened.tag:
        raise MarkupError(f'Unmatched end tag {where}, expected "</{opened.tag}>", found "</{tag}>"')
    return opened
