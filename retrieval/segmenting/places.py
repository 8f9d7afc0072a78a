import re
from collections import Counter
from collections.abc import Iterable

from retrieval.language.scripts import has_han

__all__ = ["home_place", "main_place"]

_SUFFIXED = re.compile(r"[\u4e00-\u9fff]{1,4}[县縣区區市州旗]$")
_PLACE_TAG = "ns"
_PAPER = re.compile(r"^([\u4e00-\u9fff]{2,4}?)(?:日报|晚报|晨报|早报|商报|时报|周报|新报|日報|晚報|晨報|時報|週報)$")
# 市委 and 全市 speak of the paper's own city, 全县 of its county.
_LEVELS = {
    suffix: re.compile(
        rf"[全我]{suffix}|(?<![\u4e00-\u9fff]){suffix}(?:委|政府|人大|财政|[\u4e00-\u9fff]{{2,6}}?[局院馆厅])"
    )
    for suffix in "市县"
}
_MIN_LEVEL = 3
# The tagger takes these common nouns for names of places.
_COMMON = frozenset(
    (
        "城市",
        "县市",
        "都市",
        "市区",
        "地区",
        "城区",
        "山区",
        "社区",
        "自治区",
        "自治县",
        "自治州",
        "本市",
        "全市",
        "全县",
    )
)
# A headline, by-line or person's card says what an article is about more surely than a mention in its text.
_PROMINENT_WEIGHT = 5
_MIN_WEIGHT = 4
_MIN_SHARE = 0.35
# The name of a county that no dictionary has, before its suffix and after a word that ends a clause or a phrase.
_UNKNOWN = re.compile(r"(?:^|[\s，。、；：,;“（(】」])([\u4e00-\u9fff]{2}[县縣区區])(?=[\u4e00-\u9fff])")


def home_place(publication: str, body: str) -> str:
    """Give the place that a paper is of, where its text speaks of 全市 or 我县; '' where it does not."""
    paper = _PAPER.match(publication)
    if paper is None:
        return ""
    counts = [(len(pattern.findall(body)), suffix) for suffix, pattern in _LEVELS.items()]
    count, suffix = max(counts, key=lambda entry: entry[0])
    return f"{paper.group(1)}{suffix}" if count >= _MIN_LEVEL else ""


def main_place(prominent: Iterable[str], body: Iterable[str], home: str = "") -> str:
    """Find the county, district or city that an article is about: the one it names most.

    :param prominent: the article's headlines, by-lines and cards.
    :param body: its paragraphs.
    :param home: the place that the paper is of, taken where the article names no other as often.
    :returns: the name with its suffix, or '' when no place stands out.
    """
    prominent_text, body_text = "\n".join(prominent), "\n".join(body)
    names = _place_names(prominent_text + "\n" + body_text)
    if home:
        names.add(home)
    if not names:
        return ""
    weights: Counter[str] = Counter()
    for name in sorted(names):
        base = name if len(name) == 2 else name[:-1]
        # 株洲日报 names the paper, not the place.
        mention = re.compile(re.escape(base) + r"(?![日晚晨早时時]?[报報])")
        weights[name] = len(mention.findall(body_text)) + _PROMINENT_WEIGHT * len(mention.findall(prominent_text))
    for suffix, pattern in _LEVELS.items():
        level = [name for name in weights if name.endswith(suffix) and (suffix != "市" or name == home)]
        if level:
            # 全县 speaks of the county that is named most.
            name = min(level, key=lambda name: (-weights[name], name))
            weights[name] += len(pattern.findall(f"{prominent_text}\n{body_text}"))
    name, weight = min(weights.items(), key=lambda item: (-item[1], item[0]))
    return name if weight >= _MIN_WEIGHT and weight >= _MIN_SHARE * weights.total() else ""


def _place_names(text: str) -> set[str]:
    if not has_han(text):
        return set()
    import rjieba

    known = {
        word for word, tag in rjieba.tag(text) if tag == _PLACE_TAG and word not in _COMMON and _SUFFIXED.match(word)
    }
    return known | {name for name in _UNKNOWN.findall(text) if name not in _COMMON and text.count(name) > 1}
