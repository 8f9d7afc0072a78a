import html
import json
import re
from collections.abc import Mapping
from functools import cache

from bot.web.languages import document_language
from bot.wording import LANGUAGE_NAMES, messages
from retrieval.search.analysis import MAX_QUESTION_CHARACTERS

__all__ = ["page_texts", "render_page", "wording_json"]

_FAMILIES = ("missing_", "reply_", "web_")
_SHARED = (
    "collection",
    "collection_total",
    "comparison",
    "disagreement",
    "line",
    "lines",
    "near_misses",
    "not_found",
    "page",
    "summary",
    "summary_dropped",
    "title",
    "understood_as",
)
_WITH_BLOCKS = ("chat", "source")
_PLACE = re.compile(r"\{\{([a-z_]+)\}\}")


def page_texts(language: str) -> dict[str, str | Mapping[str, str]]:
    """Give the sentences that the pages need, by key; those with a count have a form for each plural category."""
    texts = messages(language).texts
    return {key: text for key, text in texts.items() if key in _SHARED or key.startswith(_FAMILIES)}


@cache
def wording_json(language: str) -> bytes:
    """Give ``page_texts`` as the pages' scripts fetch them."""
    plain = {key: text if isinstance(text, str) else dict(text) for key, text in page_texts(language).items()}
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()


def render_page(shell: str, page: str, *, name: str, language: str, version: str) -> str:
    """Fill a page's places, ``{{key}}``, with the sentences of ``language`` and what is the same on all pages.

    :param shell: the frame of all pages, with the place ``main``.
    :param page: what stands in it.
    :param name: the page's name, that of its script and style sheet.
    """
    texts = page_texts(language)
    fixed = {
        "lang": document_language(language),
        "language": language,
        "version": version,
        "name": name,
        "limit": str(MAX_QUESTION_CHARACTERS),
        "languages": _options(language),
        "blocks": f'<link rel="stylesheet" href="/assets/{version}/blocks.css">' if name in _WITH_BLOCKS else "",
        "page_title": html.escape(str(texts[f"web_title_{name}"])),
        **{f"current_{each}": ' aria-current="page"' if each == name else "" for each in ("chat", "archive", "source")},
    }

    def fill(match: re.Match[str]) -> str:
        key = match.group(1)
        return fixed[key] if key in fixed else html.escape(str(texts[key]))

    return _PLACE.sub(fill, shell.replace("{{main}}", page))


def _options(current: str) -> str:
    return "".join(
        f'<option value="{tag}" lang="{document_language(tag)}"{" selected" if tag == current else ""}>{name}</option>'
        for tag, name in LANGUAGE_NAMES.items()
    )
