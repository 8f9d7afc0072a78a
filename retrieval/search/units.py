"""What a number counts: the unit that a question asks for, and the one that a text gives."""

import re

__all__ = ["asked_unit", "has_unit"]

# A question's words, and what stands behind or before the number in a text that answers it.
_UNITS = (
    (
        r"[率]|几成|百分|比例|占比|percent|\brates?\b|\bshare\b|割合|パーセント|률|비율|퍼센트|процент|доля|prozent|anteil|quote|pourcent|\btaux\b|porcentaje|\btasa\b|por ciento",
        r"[%％‰]|百分之|成(?=[，,。；])|个百分点",
    ),
    (
        r"多少钱|金额|[元费款]|资金|花了|价值|损失|money|yuan|cost|worth|spend|paid|fund|金額|いくら|円|돈|금액|얼마(?=를|나 )|денег|деньг|юан|сумм|geld|yuan|kosten|betrag|argent|somme|dinero|cuánto cuesta",
        r"元|万元|亿元|块钱",
    ),
    (r"多大(?:年纪|岁数|了)?|岁|年龄|\bold\b|\bage\b|何歳|年齢|몇 살|나이|лет|возраст|\balt\b|âge|años|edad", r"岁|周岁|歲"),
    (
        r"多少(?:个)?人|几个?人|人数|多少名|几名|几位|多少位|how many (?:\w+ ){0,3}(?:people|persons|officers|students|volunteers|offenders|suspects|members|staff|police)|何人|何名|人数|몇 명|인원|сколько (?:\w+ ){0,2}(?:человек|людей|студент|сотрудник)|wie ?viele (?:\w+ ){0,2}(?:personen|menschen|leute|beamte)|combien de (?:\w+ ){0,2}(?:personnes|gens)|cuánt[oa]s (?:\w+ ){0,2}(?:personas|gente)",
        r"人|名|位",
    ),
    (r"多少(?:起|件|宗)|几(?:起|件|宗)|(?:案|纠纷).{0,6}(?:多少|几)|(?:多少|几).{0,6}(?:案|纠纷)|how many (?:\w+ ){0,3}(?:cases?|disputes?)|何件|몇 건|сколько (?:\w+ ){0,2}(?:дел|спор)|wie ?viele (?:\w+ ){0,2}(?:fälle|streit)|combien (?:\w+ ){0,3}(?:affaires|litiges|conflits)|cuánt[oa]s (?:\w+ ){0,2}(?:casos|conflictos|disputas)", r"件|起|宗|例"),
    (r"多少(?:次|场|回|届)|几(?:次|场|回|届)|how (?:many times|often)|何回|何度|몇 번|몇 차례|сколько раз|wie oft|combien de fois|cuántas veces", r"次|场|回|届|度"),
)  # fmt: skip
_COUNTED = re.compile(
    r"(?:多少|几)([个件起宗人名位元岁次场本份条项家所处台套辆间座届年天月日里米吨亩户村镇张篇部类种款层级页句])"
)
_NUMBER = r"(?:[\d０-９][\d０-９,，.．]*|[一二三四五六七八九十百千万亿两]+)\s*[余多]?\s*[百千万亿]*\s*[余多]?\s*"


def asked_unit(folded_question: str) -> re.Pattern[str] | None:
    """Give a pattern of a number with the unit that the question asks for, or None when it names none.

    :param folded_question: the question as :func:`retrieval.language.folding.fold` writes it.
    """
    for asked, unit in _UNITS:
        if re.search(asked, folded_question):
            return re.compile(f"{_NUMBER}(?:{unit})|百分之" if "%" in unit else f"{_NUMBER}(?:{unit})")
    counted = _COUNTED.search(folded_question)
    return re.compile(f"{_NUMBER}{counted.group(1)}") if counted else None


def has_unit(unit: re.Pattern[str], text: str) -> bool:
    """Tell whether a text has a number with this unit."""
    return unit.search(text) is not None
