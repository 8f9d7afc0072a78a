"""What a number counts: the unit that a question asks for, and the one that a text gives."""

import re
from functools import cache

from retrieval.language.cantonese import in_standard_words
from retrieval.language.numerals import SPELLED_NUMBER
from retrieval.language.tokens import stem

__all__ = ["asked_unit", "has_unit"]

# Chinese measure words that a question counts with: 多少件, 几名.
_MEASURES = "个件起宗人名位元岁次场本份条项家所处台套辆间座届年天月日里米吨亩户村镇张篇部类种款层级页句票床桌笔封棵株艘架枚口头匹只册栋幢卷等"
_COUNTED = re.compile(rf"(?:多少|几)(?:[余多万千百]*)([{_MEASURES}])")
# What is counted by one of these is often counted by another of them: 几架车, 二百辆.
_ALIKE = ("辆台部架", "间套栋幢座", "家户", "头只匹条口尾羽", "棵株", "本册部卷", "所间家", "项条", "张幅", "次场回届")
_HOW_MANY = re.compile(r"\bhow many (?:(?:of the|different|new|other) )?((?:\w[\w-]* ){0,2}\w[\w-]*)")
_ENDS_NOUN = re.compile(
    r" (?:did|do|does|is|are|was|were|has|have|had|will|can|could|would|in|of|on|at|by|to|for|from|that|who|with|took|got|went|came|per|each)\b.*"
)
# The units of the same things: what a question's words ask for, and what stands behind or before the number in a text.
_UNITS = (
    (
        r"几成|百分之几|百分之多少|多大比例|率(?:是|为|有|达|达到|高达|到底|大概|又)*(?:多少|几|多高|$|[?？])|(?:比例|占比|比重)|percent|per cent"
        r"|\b(?:rate|share|proportion|turnout) (?:of|did|do|does|was|is|has|had|in)\b|what (?:\w+ ){0,2}(?:rate|share|proportion)\b|\w+ rate\?|割合|パーセント|何%|[率](?:は|って)|(?<!법)[율률](?:은|이|을|의|에|로)|비율|퍼센트"
        r"|процент|какова доля|какую долю|prozent|wie hoch (?:ist|war|lag) die \w*(?:quote|rate)\b|\banteil|pourcent|\btaux\b|quelle part\b|porcentaje|\btasa\b|por ciento",
        r"[%％‰]| ?(?:percent|per cent|prozent|pour cent|por ciento|процент\w*|パーセント|퍼센트)|成(?=[，,。；])|个百分点",
    ),
    (
        r"多少(?:万|亿)?(?:钱|元|块)|几块钱|几(?:万|亿)元|(?:金额|资金|费用?|款项?|钱|损失|价值|预算|工资|收入|成本|价格|价|票价|拨款|罚款|奖金|投资|产值|欠债)(?:一共|总共|共|合计|是|为|达|有|大概|又)*(?:多少|几)"
        r"|(?:花|赚|欠|骗|赔|捐|付|交|罚|投资|损失|筹集|拨)了?多少(?![个件起宗人名位次场本份条项家])|(?:值|卖|收)多少"
        r"|\b(?:cost|costs|price|money|yuan|budget|worth|spend|spent|pay|pays|paid|fee|fund|funds|salary|fine|dollars|pounds|euros)\b|金額|いくら|費用|予算|何円|円|금액|얼마(?=를|나 )|비용|예산|가격|몇 원"
        r"|денег|деньг|юан|сумм|стои[тл]|бюджет|\bgeld|yuan|koste[tn]|betrag|gehalt|preis|argent|somme|coûte|coûté|budget|dinero|cuesta|costó|costará|presupuesto",
        r"万?亿?(?:元|块钱?|円|엔|원|韩元|美元|欧元|英镑)| ?(?:yuan|rmb|dollars|pounds|euros?|pence|cents|юан\w*|рубл\w*|million|billion|thousand)",
    ),
    (
        r"多大(?:年纪|岁数|了)|多少岁|几岁|年龄|高寿|\bhow old\b|\bage\b|何歳|年齢|몇 살|나이|сколько лет|возраст|wie alt|quel âge|años tiene|años tenía|qué edad",
        r"周?[岁歲歳세살]|[- ]?(?:years? old|year-old|jahre alt|ans|años|лет)",
    ),
    (
        r"多久|多长时间|几[天年]|几个(?:小时|月|星期)|多少(?:天|年|小时|分钟|个月)|how long|how many (?:days|hours|months|years|weeks|minutes)|何日間|何時間|何年間|どのくらいの期間|며칠|몇 (?:시간|개월|년|일|주)"
        r"|как долго|сколько (?:дней|часов|месяцев|времени|недель)|wie lange|wie ?viele (?:tage|stunden|monate|jahre|wochen)|combien de (?:temps|jours|mois|heures|semaines)|cuánto tiempo|cuánt[oa]s (?:días|meses|horas|semanas)",
        r"(?:个?[多余]?[半]?)?(?:天|日|小时|个?月|分钟|年|周|星期|時間|ヶ月|か月|시간|개월|일|년|주)| ?(?:days?|hours?|months?|weeks?|years?|minutes?|дн\w+|час\w*|месяц\w*|недел\w*|tage?n?|stunden?|monate?n?|jahre?n?|wochen|jours?|mois|heures?|semaines?|días?|meses|horas?|semanas?)",
    ),
    (
        r"面积|占地|(?:多少|几)(?:平方|平米|亩|公顷)|多大(?=[?？]|$)|\barea\b|how large|square|面積|면적|площад|fläche|superficie|поверхност",
        r"(?:万|多|余)*(?:亩|平方米|平方公里|平米|公顷|畝|ヘクタール|평|헥타르)| ?(?:acres?|hectares?|square|sq\.?|km²|m²|квадрат\w*|га\b|hektar|quadrat\w*)",
    ),
    (
        r"(?:多少|几)(?:公里|千米|米|里|厘米|毫米)|多远|多长(?!时间)|多高|多深|多宽|高度|长度|距离|里程|how (?:far|tall|high|deep|wide)|\b(?:height|length|distance|depth)\b|距離|高さ|長さ|거리|높이|길이|как далеко|высот|длин|wie (?:weit|tief)|entfernung|distance|hauteur|longueur|distancia|altura",
        r"(?:多|余)*(?:公里|千米|米|里|厘米|毫米|メートル|キロ|미터|킬로)| ?(?:km|kilomet\w+|m\b|met(?:re|er)s?|miles?|feet|foot|ft|[cm]m|inch\w*|километр\w*|метр\w*|mètres?|metros?)",
    ),
    (
        r"(?:多少|几)(?:公斤|千克|斤|吨|克)|多重|重量|体重|how (?:heavy|many (?:kilos|kilograms|pounds|tons|tonnes))|how much .{0,30}\bweigh|\bweight\b|何(?:キロ|トン|グラム)|重さ|몇 (?:킬로|톤|그램)|무게|сколько (?:весит|тонн|килограмм)|\bвес\b|wie (?:schwer|viele (?:kilo|tonnen))|gewicht|poids|combien de (?:kilos|tonnes)|cuánto pesa|peso\b|cuántas toneladas",
        r"(?:多|余)*(?:公斤|千克|斤|吨|克|キロ|トン|グラム|킬로|톤|그램)| ?(?:kg\b|kilo\w*|pounds|lbs?\b|ton(?:ne)?s?\b|g\b|тонн\w*|кг\b|килограмм\w*|tonnen|toneladas)",
    ),
    (
        r"(?:多少|几)度|气温|温度|多冷|多热|\btemperature\b|how (?:cold|hot|warm)|何度|気温|温度|몇 도|기온|온도|температур|wie (?:kalt|warm|heiß)|temperatur|température|temperatura",
        r"(?:多|余)*(?:度|℃|°c|도)| ?(?:℃|°|degrees|градус\w*|grad\b|degrés|grados)",
    ),
    (
        r"多少分|几分(?!之)|得分|评分|分数|how many points|\bscore\b|何点|몇 점|점수|балл|punkte|punktzahl|combien de points|puntuación|puntos",
        r"分(?![之钟布别])| ?(?:points?|点|점|балл\w*|punkte?n?|puntos?)",
    ),
    (
        r"多少(?:个)?人(?!次)|几个?人(?!次)|人数|人口|多少名|几名|几位|多少位|how many (?:\w+ ){0,3}(?:people|persons|officers|students|volunteers|offenders|suspects|members|staff|police|residents|workers|children|women|men)\b|population|何人|何名|人数|人口|몇 명|인원|인구|сколько (?:\w+ ){0,2}(?:человек|людей|студент|сотрудник|жител)|населени|wie ?viele (?:\w+ ){0,2}(?:personen|menschen|leute|beamte|studenten|einwohner)|combien de (?:\w+ ){0,2}(?:personnes|gens|habitants|étudiants)|cuánt[oa]s (?:\w+ ){0,2}(?:personas|gente|habitantes|estudiantes)",
        r"(?:余|多)*(?:人(?!次)|名|位|명|인)| (?:\w+ )?(?:people|persons|officers|students|volunteers|members|residents|inhabitants|workers|человек\w*|personen|menschen|personnes|personas|habitants|habitantes)",
    ),
    (
        r"(?:多少|几)(?:个|户|家)?(?:家庭|人家|住户)|how many (?:\w+ ){0,2}(?:famil\w+|households)|何世帯|몇 (?:가구|세대)|сколько (?:\w+ )?сем\w+|wie ?viele (?:\w+ )?(?:familien|haushalte)|combien de (?:\w+ )?(?:familles|foyers|ménages)|cuánt[oa]s (?:\w+ )?(?:familias|hogares)",
        r"(?:余|多)*(?:户|家|名|个家庭|世帯|가구|세대)| (?:\w+ )?(?:famil\w+|households|сем\w+|familien|haushalte|familles|foyers|ménages|familias|hogares)",
    ),
    (
        r"多少(?:起|件|宗)|几(?:起|件|宗)|(?:案|纠纷).{0,6}(?:多少|几)|(?:多少|几).{0,6}(?:案|纠纷)|how many (?:\w+ ){0,3}(?:cases?|disputes?)|何件|몇 건|сколько (?:\w+ ){0,2}(?:дел|спор)|wie ?viele (?:\w+ ){0,2}(?:fälle|streit)|combien (?:\w+ ){0,3}(?:affaires|litiges|conflits)|cuánt[oa]s (?:\w+ ){0,2}(?:casos|conflictos|disputas)",
        r"(?:余|多)*[件起宗例건]| (?:\w+ )?(?:cases?|disputes?|affaires|litiges|fälle|casos|дел\w*)",
    ),
    (
        r"多少(?:人次|次|场|回|届)|几(?:次|场|回|届)|how many times|how often|何回|何度|몇 번|몇 차례|сколько раз|wie oft|combien de fois|cuántas veces",
        r"(?:余|多)*(?:场次|人次|[次场回届度번])| ?(?:times|fois|mal\b|veces|раз)",
    ),
)  # fmt: skip
_NUMBER = (
    rf"(?:[\d０-９][\d０-９,，.．]*(?: (?:million|billion|thousand))?|[一二三四五六七八九十百千万亿两]+|{SPELLED_NUMBER})"
    r"\s*[余多]?\s*[百千万亿]*\s*[余多]?\s*"
)
_ASKS_NUMBER_TO_CALL = (
    r"(?:电话|热线|手机|联系方式)(?:号码?)?.{0,4}(?:多少|几|什么)|(?:多少|几|什么)(?:号)?(?:电话|热线)|(?:打|拨)(?:哪个|什么)(?:号码?|电话)"
    r"|\b(?:phone|telephone|hotline|mobile)(?: number)?\b|number (?:can|do|should) (?:i|you|we|one) (?:call|ring|dial)|電話番号|ホットライン"
    r"|전화번호|номер телефона|горяч\w+ лини|telefonnummer|hotline|numéro de téléphone|numéro d'appel|número de teléfono"
)  # fmt: skip
_NUMBER_TO_CALL = re.compile(
    r"(?<![\d.,])(?:1[12]\d|(?:\d{3,4}[- ])?\d{5,11})(?!\d|[.,]\d{3}(?!\d)|\s?[%％余多万亿年个件起宗人名元份次])"
)
_BEFORE = {_UNITS[0][1]: "百分之", _UNITS[1][1]: rf"[£$€¥￥]\s?{_NUMBER}"}


def asked_unit(question: str, *, counted: bool = True) -> re.Pattern[str] | None:
    """Give a pattern of a number with the unit that the question asks for, or None when it names none.

    :param counted: whether the texts call what it counts as it does; not where they are in another language.
    """
    folded_question = in_standard_words(question)
    if re.search(_ASKS_NUMBER_TO_CALL, folded_question):
        return _NUMBER_TO_CALL
    for asked, unit in _UNITS:
        if re.search(asked, folded_question):
            return _pattern(unit)
    measure = _COUNTED.search(folded_question)
    if measure:
        alike = {other for group in _ALIKE if measure.group(1) in group for other in f"{group}个"} or {measure.group(1)}
        return re.compile(f"{_NUMBER}[{''.join(sorted(alike))}]")
    named = _HOW_MANY.search(folded_question) if counted else None
    if named:
        nouns = _ENDS_NOUN.sub("", f"{named.group(1)} ").split()
        # Of "new library cards" the last is counted; a text may describe it otherwise.
        return re.compile(rf"{_NUMBER}(?:[\w-]+ ){{0,3}}?{re.escape(stem(nouns[-1]))}") if nouns else None
    return None


def has_unit(unit: re.Pattern[str], text: str) -> bool:
    """Tell whether a text has a number with this unit."""
    return unit.search(text) is not None


@cache
def _pattern(unit: str) -> re.Pattern[str]:
    before = f"|{_BEFORE[unit]}" if unit in _BEFORE else ""
    return re.compile(f"{_NUMBER}(?:{unit}){before}")
