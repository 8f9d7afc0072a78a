"""The OpenAPI document as one HTML page: no script, no outside asset, readable on a phone and by a screen reader."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from bot.api.problems import PROBLEM_MEDIA_TYPE

__all__ = ["PAGE_POLICY", "render_page"]

_STYLE = """\
:root { color-scheme: light dark; --line: #8888; --soft: #8882; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
h2 { border-top: 2px solid var(--line); margin-top: 2.5rem; padding-top: 1rem; }
h2, h3, td code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0; text-align: left; vertical-align: top; }
pre { background: var(--soft); border-radius: .4rem; overflow-x: auto; padding: .7rem; }
.wide { overflow-x: auto; }
summary { cursor: pointer; }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
PAGE_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_LIMITS = {
    "default": "default",
    "minimum": "at least",
    "maximum": "at most",
    "minLength": "characters at least",
    "maxLength": "characters at most",
    "maxItems": "items at most",
}
Node = Mapping[str, Any]


def render_page(document: Node) -> str:
    """Give the page for an OpenAPI 3.1 document as HTML text."""
    info = document["info"]
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    contents = "".join(
        f'<li><a href="#{escape(operation["operationId"])}"><code>{method.upper()} {escape(path)}</code></a> '
        f"{escape(operation['summary'])}</li>"
        for method, path, operation in operations
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(info['title'])} API</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><h1>{escape(info['title'])} API {escape(info['version'])}</h1>{_paragraphs(info['description'])}"
        '<p>For programs: <a href="openapi.json">openapi.json</a></p></header>\n'
        f'<nav aria-label="Contents"><ul>{contents}<li><a href="#objects">Objects</a></li>'
        '<li><a href="#problems">Problems</a></li></ul></nav>\n<main>\n'
        + "".join(_operation(method, path, operation) for method, path, operation in operations)
        + _objects(document["components"]["schemas"])
        + _problems(document["x-problem-types"])
        + "</main>\n</body>\n</html>\n"
    )


def _operation(method: str, path: str, operation: Node) -> str:
    parts = [
        f'<section id="{escape(operation["operationId"])}">\n'
        f"<h2><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}</h2>\n"
        f"{_paragraphs(operation.get('description', ''))}\n"
    ]
    if parameters := operation.get("parameters"):
        rows = [
            (
                f"<code>{escape(each['name'])}</code> ({escape(each['in'])})",
                _type(each["schema"]),
                "required" if each.get("required") else "optional",
                escape(each.get("description", "")),
            )
            for each in parameters
        ]
        parts.append("<h3>Parameters</h3>\n" + _table(("Name", "Type", "", "Meaning"), rows))
    if body := operation.get("requestBody"):
        parts.append("<h3>Request body</h3>\n" + _content(body["content"], request=path))
    parts.append("<h3>Responses</h3>\n")
    for status, response in operation["responses"].items():
        parts.append(f"<p><strong>{escape(status)}</strong> {escape(response['description'])}</p>\n")
        parts.append(_content(response.get("content", {})))
    return "".join(parts) + "</section>\n"


def _content(content: Node, request: str = "") -> str:
    parts = []
    for media_type, media in content.items():
        parts.append(f"<p><code>{escape(media_type)}</code>: {_type(media['schema'])}</p>\n")
        if media_type == PROBLEM_MEDIA_TYPE:
            continue  # the table of problems has an example of each
        for name, example in media.get("examples", {}).items():
            shown = json.dumps(example["value"], ensure_ascii=False, indent=2)
            if request:
                shown = f"POST {request}\nContent-Type: {media_type}\n\n{shown}"
            label = example.get("summary", name)
            parts.append(
                f"<details><summary>Example: {escape(label)}</summary>"
                f'<pre tabindex="0" translate="no">{escape(shown)}</pre></details>\n'
            )
    return "".join(parts)


def _objects(schemas: Node) -> str:
    parts = ['<section id="objects">\n<h2>Objects</h2>\n']
    for name, schema in schemas.items():
        parts.append(
            f'<h3 id="object-{escape(name)}">{escape(name)}</h3>\n{_paragraphs(schema.get("description", ""))}\n'
        )
        if "properties" not in schema:
            parts.append(f"<p>{_type(schema)}</p>\n")
            continue
        required = schema.get("required", ())
        rows = [
            (
                f"<code>{escape(field)}</code>",
                _type(kind),
                "required" if field in required else "optional",
                escape(kind.get("description", "")),
            )
            for field, kind in schema["properties"].items()
        ]
        parts.append(_table(("Field", "Type", "", "Meaning"), rows))
    return "".join(parts) + "</section>\n"


def _problems(kinds: Iterable[Node]) -> str:
    rows = [
        (f"<code>{escape(kind['type'])}</code>", str(kind["status"]), escape(kind["title"]), escape(kind["example"]))
        for kind in kinds
    ]
    table = _table(("Type", "Status", "Title", "For example"), rows)
    return f'<section id="problems">\n<h2>Problems</h2>\n{table}</section>\n'


def _type(schema: Node) -> str:
    text = _bare_type(schema)
    limits = [f"{words} {escape(json.dumps(schema[key]))}" for key, words in _LIMITS.items() if key in schema]
    return f"{text} ({', '.join(limits)})" if limits else text


def _bare_type(schema: Node) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#object-{name}">{name}</a>'
    if "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f"<code>{escape(json.dumps(value))}</code>" for value in values)
    if "prefixItems" in schema:
        return f"[{', '.join(_bare_type(item) for item in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"array of {_bare_type(schema['items'])}"
    if "additionalProperties" in schema and isinstance(schema["additionalProperties"], Mapping):
        return f"object of {_bare_type(schema['additionalProperties'])}"
    return escape(str(schema.get("type", "any")))


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' if name else "<td></td>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>\n" for row in rows)
    table = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table>"
    return f'<div class="wide" role="region" aria-label="Table" tabindex="0">{table}</div>\n'


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part)
