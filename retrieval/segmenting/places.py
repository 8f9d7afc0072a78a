import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from retrieval.language.scripts import has_han

__all__ = ["home_place", "main_place"]

_SUFFIXED = re.compile(r"[\u4e00-\u9fff]{1,5}[县縣]$|[\u4e00-\u9fff]{2,5}[区區市州旗]$")
_PLACE_TAG = "ns"
_PAPER = re.compile(
    r"^([\u4e00-\u9fff]{2,4}?)(?:日报|晚报|晨报|早报|商报|时报|周报|新报|都市报|日報|晚報|晨報|早報|時報|週報|报|報)$"
)
# 市委 and 全市 speak of the paper's own city, 全县 of its county.
_LEVELS = {
    suffix: re.compile(
        rf"{suffix}(?:(?<=[全我]{suffix})|(?<![\u4e00-\u9fff]{suffix})(?:委|政府|人大|财政|[\u4e00-\u9fff]{{2,6}}?[局院馆厅]))"
    )
    for suffix in "市县"
}
_MIN_LEVEL = 3
# The tagger takes these common nouns for names of places, and the pattern these ends of words.
_COMMON = re.compile(
    r"(?:城市|县市|都市|市区|地区|城区|山区|社区|郊区|园区|景区|小区|校区|库区|灾区|辖区|片区|街区|厂区|牧区|林区|老区|新区|学区|特区|选区|战区|专区|开发区|自治区|自治县|自治州"
    r"|本市|全市|全县|全区|我市|我县|我区|各县|各市|各区|该县|该市|该区|外县|外市|两县|三县|省市|直辖市|地级市|县级市|大城市|超市|股市|楼市|车市|夜市|早市|集市|门市|上市|入市|都市)$|(?:各|全|该|每|某|外|两)[\u4e00-\u9fff]?[县区市]"
)
# A headline, by-line or person's card says what an article is about more surely than a mention in its text, and so
# does its first sentence.
_PROMINENT_WEIGHT = 5
_LEAD_WEIGHT = 3
_LEAD = 80
_MIN_WEIGHT = 3
_MIN_SHARE = 0.35
_OFFICE = (
    r"公安|人民|司法|教育|交警|交通|市场|自然|民政|卫生|卫健|城管|城市|法院|检察|委|政府|税务|供电|应急|消防|妇联|文旅|文化|水利|林业|农业|气象|财政"
    r"|发改|住建|人社|审计|统计|总工会|融媒|政协|人大|纪委|公證|警察|衛生|環保|議會|公所|政務|[\u4e00-\u9fff]{2,3}(?:镇|乡|村|街道|社区|鎮|鄉|里)"
)
# The end of the name of a county that no dictionary has, which stands after what ends a word.
_UNKNOWN = re.compile(r"[县縣区區市](?<=[\u4e00-\u9fff]{2}.)")
_NO_PLACE = re.compile("[场民长委值面]")
_WORD_ENDS = frozenset("在由从到为是和与及的了据向对赴获于日月讯经")
_OFFICES = re.compile(_OFFICE)
_DATELINE = re.compile(
    r"^(?:本[报報]|[（(【](?:本[报報])?)([\u4e00-\u9fff]{2,4}?)(?:\d{1,2}月)?\d{1,2}日[讯訊电電]", re.MULTILINE
)
# The tagger reads what stands between these by itself.
# A county that is praised as one: 创建“平安县”.
_HONOUR = re.compile(r"[“「‘][\u4e00-\u9fff]{1,6}[县縣区區市][”」’]")
_STOPS = re.compile(r"[\s，。、；：！？“”（）《》]+")
_SUFFIX = re.compile("[县縣区區市州旗]")
_TOWN_SUFFIXES = "镇鎮鄉乡"
# Where no county is named, a town that is.
_TOWN = re.compile(r"(?:^|[^\u4e00-\u9fff]|[\s在由从到的])([\u4e00-\u9fff]{2,3}?[镇鎮鄉乡])(?![长長])", re.MULTILINE)


def home_place(publication: str, body: str) -> str:
    """Give the place that a paper is of, where its text names it or speaks of 全市 or 我县; '' where it does not."""
    paper = _PAPER.match(publication)
    if paper is None:
        return ""
    said = Counter(re.findall(rf"{paper.group(1)}[县縣区區市州]", body))
    named = set(said)
    for suffix, pattern in _LEVELS.items():
        count = len(pattern.findall(body))
        if suffix == "县" and count and any(name.endswith("县") for name in _place_names(body) - named):
            continue  # 全县 speaks of the county that the text names
        said[f"{paper.group(1)}{suffix}"] += count
    name, count = min(said.items(), key=lambda item: (-item[1], item[0]))
    return name if name in named or count >= _MIN_LEVEL else ""


def main_place(prominent: Iterable[str], body: Iterable[str], home: str = "") -> str:
    """Find the county, district or city that an article is about, else the town: the one it names most.

    :param prominent: the article's headlines, by-lines and cards.
    :param body: its paragraphs.
    :param home: the place that the paper is of, taken where the article names no other as often.
    :returns: the name with its suffix, or '' when no place stands out.
    """
    prominent_text, body_text = "\n".join(prominent), "\n".join(body)
    whole = f"{prominent_text}\n{body_text}"
    names = _place_names(whole)
    if home:
        names.add(home)
    if not names:
        return _town(prominent_text, body_text)
    weights = _weights(names, prominent_text, body_text)
    for suffix, pattern in _LEVELS.items():
        level = [name for name in weights if name.endswith(suffix) and (suffix != "市" or name == home)]
        if level:
            # 全县 speaks of the county that is named most.
            name = min(level, key=lambda name: (-weights[name], name))
            weights[name] += len(pattern.findall(whole))
    name, weight = min(weights.items(), key=lambda item: (-item[1], item[0]))
    if weight >= _MIN_WEIGHT and weight >= _MIN_SHARE * weights.total():
        return name
    return ""


def _weights(names: set[str], prominent: str, body: str) -> Counter[str]:
    bases = Counter(_base(name) for name in names)
    weights: Counter[str] = Counter()
    datelines = _datelines(body)
    for name in sorted(names):
        base = _base(name)
        whole = bases[base] > 1 or _is_common(base)
        # 株洲日报 names the paper, not the place; 临江 may be a city and a county.
        mention = re.compile(re.escape(name if whole else base) + r"(?![日晚晨早时時]?[报報])")
        weights[name] = len(mention.findall(body)) + _PROMINENT_WEIGHT * len(mention.findall(prominent))
        weights[name] += (_LEAD_WEIGHT - 1) * len(mention.findall(body, 0, _LEAD))
        weights[name] += _PROMINENT_WEIGHT * sum(name.startswith(said) for said in datelines)
    return weights


def _base(name: str) -> str:
    return name if len(name) == 2 else name[:-1]


@lru_cache(maxsize=1 << 10)
def _is_common(base: str) -> bool:
    """Tell whether a place's name without its suffix is a word of its own, as in 平安县 or 和平区."""
    import rjieba

    return len(base) > 1 and bool(rjieba.has_word(base)) and rjieba.tag(base)[0][1] != _PLACE_TAG


def _place_names(text: str) -> set[str]:
    if not has_han(text):
        return set()
    text = _HONOUR.sub(" ", text)
    known = {name for run in _STOPS.split(text) if _SUFFIX.search(run) for name in _known_names(run)}
    for said in _datelines(text):
        known.update(re.findall(rf"{said}[县縣区區市州]", text))
    known |= {name for name in _unknown_names(text) if not _COMMON.search(name)}
    # 淮县 where the text says 颍淮县 only is no name.
    return {
        name
        for name in known
        if not any(other != name and other.endswith(name) and text.count(other) == text.count(name) for other in known)
    }


@lru_cache(maxsize=1 << 12)
def _known_names(run: str) -> tuple[str, ...]:
    """Give the places that a run of characters without a stop between names, of those that the dictionary knows."""
    import rjieba

    words = rjieba.tag(run)
    found = [word for word, tag in words if tag == _PLACE_TAG and _SUFFIXED.match(word)]
    # 渭南 | 区: a suffix by itself behind the name of a place.
    found += [
        word + suffix for (word, tag), (suffix, _) in pairwise(words) if tag == _PLACE_TAG and _SUFFIX.fullmatch(suffix)
    ]
    return tuple(name for name in found if not _COMMON.search(name))


def _unknown_names(text: str) -> set[str]:
    """Give what stands like the name of a county: before an office's, or after what ends a word, and twice."""
    found: set[str] = set()
    for match in _UNKNOWN.finditer(text):
        name, before = text[match.end() - 3 : match.end()], text[max(0, match.end() - 4) : match.end() - 3]
        apart = not "\u4e00" <= before <= "\u9fff"
        if ((apart or before in _WORD_ENDS) and not _NO_PLACE.match(text, match.end()) and text.count(name) > 1) or (
            apart and _OFFICES.match(text, match.end())
        ):
            found.add(name)
    return found


def _datelines(text: str) -> list[str]:
    return _DATELINE.findall(text) if any(map(text.__contains__, "讯訊电電")) else []


def _town(prominent: str, body: str) -> str:
    whole = f"{prominent}\n{body}"
    if not any(suffix in whole for suffix in _TOWN_SUFFIXES):
        return ""
    towns = Counter(_TOWN.findall(whole))
    towns.update(_TOWN.findall(prominent))
    name, count = min(towns.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return name if count > 1 else ""
