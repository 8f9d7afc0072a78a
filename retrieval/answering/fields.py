"""Values as imprints, minutes and forms have them: "责任编辑：齐卫国", "Editor: Ruth Calloway", a day of the week."""

import re
from collections.abc import Iterator

from retrieval.answering.elements import ElementKind, find_elements
from retrieval.language.scripts import has_han

__all__ = ["credited", "field_value", "signed"]

_LABEL = re.compile(r"(?<![^\W_])(?P<label>[\u4e00-\u9fff]{2,8}|[a-z]+(?: [a-z]+){0,3}) ?[:：]\s*")
_ENDS = re.compile(r"[\n,，;；。！？!?/|]|\s{2,}")
# A telephone number ends where something else than more of its digits follows.
_DIGITS = re.compile(r"[+(]?\d[\d()-]{4,}(?!\S)")
_LONGEST = 40
# So much of a label's characters, in a row, a question must say to ask for its value.
_SAID = 0.5
# What papers call those who made a page, in the languages of questions and of pages.
_ROLES = (
    (
        r"art editor|美[术術][编編][辑輯]|美编|художествен|bildredakt|artistique|artístic",
        r"美[术術][编編][辑輯]|美编|art editor",
    ),
    (r"proof-?read|校对|校對|校正|корректор|korrektor|korrektur|correct(?:eur|or)|교정", r"校[对對正]|proof-?reader"),
    (r"phone|电话|電話|телефон|telefon|téléphone|teléfono|전화", r"电话|電話|热线|tel|phone|telephone"),
    (
        r"\bedit(?:or|ed)|责[任]?编|責任編輯|編集|редактор|redakt(?:eur|ion)|rédact(?:eur|ion)|redactor|editor|편집",
        r"责任编辑|责编|責任編輯|编辑|editor",
    ),
)  # fmt: skip

_ASKS_WEEKDAY = re.compile(
    r"(?:星期|礼拜|周)几|day of the week|which weekday|何曜日|무슨 요일|день недели|wochentag|jour de la semaine"
    r"|día de la semana"
)
_WEEKDAY = re.compile(
    r"(?:星期|礼拜|周)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)


# 记者/周圆 通讯员/张谧安, 记者贺天鸿 通讯员 蔡鹏 齐林, By Jane Doe and John Roe, staff reporters
_SIGNED = re.compile(
    r"(?:记者|記者|通讯员|通訊員|作者|撰稿)[\s/／:：·|]*(?P<names>[\u4e00-\u9fff]{2,4}(?:[\s、，,/／:：]+[\u4e00-\u9fff]{2,4})*)"
)
_BY = re.compile(r"\b(?:by|von|par|por|автор:?) (?P<names>[^,|(（]+)")
# 文/李明 图/邱天, …老人。记者/沈全华 通讯员/胡胜兰 摄, （县委宣传部供图）, … at the bridge. Photo: Jean Alderson,
# 写真＝本社撮影, 사진=김철수. Folding has made brackets and the like half-width.
_CREDITED = re.compile(
    r"(?:^|[^\w、/])(?P<names>(?:(?:\w{0,12}(?:记者|通讯员)|\w{2,4})[、\s/]+)*\w{2,20}?)[\s/]*(?:(?<!拍)摄(?:影(?:报道)?)?|供图|提供|撮影|제공)[)\s]*$"
    r"|\b(?:photo(?:graph)?|picture|image|foto|bild|фото)s?(?: by| courtesy of|\s*:)\s+(?P<by>[^()\n]{2,40}?)[.)\s]*$"
    r"|사진\s*[=:]\s*(?P<taken>[^()\n]{2,20}?)[)\]\s]*$"
    r"|(?:图[片文]?|照片|摄影|写真)\s*[/:=]\s*(?P<signed>[^，,。\n]{2,30})$"
)


def signed(text: str, byline: str) -> tuple[int, int] | None:
    """Find the names of a by-line in a text, from the first to the last, or all of it; None where the text has it not.

    :param text: folded, like the by-line.
    :return: offsets ``(start, end)`` into the text.
    """
    at = text.find(byline) if byline else -1
    if at < 0:
        return None
    found = [match.span("names") for match in _SIGNED.finditer(byline)] or [
        match.span("names") for match in _BY.finditer(byline)
    ]
    start, end = (found[0][0], found[-1][1]) if found else (0, len(byline))
    return at + start, at + end


def credited(text: str) -> tuple[int, int] | None:
    """Find whom a caption or by-line, folded, credits with its picture; None where it does not say.

    :return: offsets ``(start, end)`` into the text.
    """
    credit = _CREDITED.search(text)
    if credit is None:
        return None
    start, end = credit.span(credit.lastgroup or 0)
    named = [match.span("names") for match in _SIGNED.finditer(text, start, end)]
    return (named[0][0], named[-1][1]) if named else (start, end)


def field_value(question: str, text: str) -> tuple[int, int] | None:
    """Find the value whose label a question names, or the weekday that it asks for; None where there is none.

    :param question: folded, like the text.
    :return: offsets ``(start, end)`` into the text.
    """
    if _ASKS_WEEKDAY.search(question):
        day = _WEEKDAY.search(text)
        return day.span() if day else None
    best, said = None, 0.0
    for label, start, end in _fields(text):
        share = _share(question, label)
        if share > said:
            best, said = (start, end), share
    return best if said >= _SAID else None


def _fields(text: str) -> Iterator[tuple[str, int, int]]:
    """Give each label, and where its value starts and ends."""
    labels: list[tuple[str, int, int]] = []
    for match in _LABEL.finditer(text):
        label, start = match["label"], match.start()
        if labels and start == labels[-1][2]:
            # The value before it runs on into the label: 主持人：吴建国记录：陈晓梅.
            name = _person(label)
            label, start = label[len(name) :], start + len(name)
        labels.append((label, start, match.end()))
    for number, (label, _, start) in enumerate(labels):
        following = labels[number + 1][1] if number + 1 < len(labels) else len(text)
        stop = _ENDS.search(text, start, following)
        value = text[start : stop.start() if stop else following].rstrip()
        value = _person(value) or value
        digits = _DIGITS.match(value)
        if digits:
            value = digits.group().rstrip()
        if 0 < len(value) <= _LONGEST:
            yield label, start, start + len(value)


def _person(value: str) -> str:
    """Give the name that a Chinese value begins with, empty if it begins with none."""
    found = find_elements(value) if has_han(value) else ()
    return found[0].text if found and found[0].kind is ElementKind.PERSON and not found[0].start else ""


def _share(question: str, label: str) -> float:
    """Tell how much of a label a question says: 0 to 1."""
    for asked, called in _ROLES:
        if re.search(asked, question):
            return 1.0 if re.fullmatch(called, label) else 0.0
    if not has_han(label):
        return float(re.search(rf"\b{re.escape(label)}\b", question) is not None)
    parts = ((n, label[i : i + n]) for n in range(len(label), 1, -1) for i in range(len(label) - n + 1))
    return next((size for size, part in parts if part in question), 0) / len(label)
