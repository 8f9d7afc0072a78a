import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from retrieval.language.folding import to_simplified
from retrieval.language.scripts import has_han
from retrieval.segmenting.names import SURNAMES

__all__ = ["find_people", "people_of_card"]

_POST = (
    r"(?:书记|书记员|主任|局长|院长|检察长|县长|区长|市长|镇长|乡长|村长|部长|省长|校长|主席|会长|秘书长|队长|所长|庭长|总经理|董事长|组长|理事长|法官|民警|检察官|律师"
    r"|書記|局長|院長|檢察長|縣長|區長|市長|鎮長|鄉長|里長|部長|校長|會長|秘書長|隊長|所長|庭長|總經理|董事長|組長|理事長|法官|律師)"
)
_WITH_POST = re.compile(rf"{_POST}(?=[{SURNAMES}][\u4e00-\u9fff])")
_BEFORE = re.compile(r"[\u4e00-\u9fff（）()]{0,14}$")
_CHAIN = re.compile(rf"([\u4e00-\u9fff]{{0,12}}(?:{_POST}|常委|委员|委員|党组成员|代表)、)+$")
_TITLED = re.compile(r"^(?:时任|時任|现任|現任|原)")
# A word of these tags belongs to the sentence around a post: 成立 | 以 | 市委副书记.
_NOT_POST = ("v", "p", "d", "c", "u", "r", "m", "t")
# 审批 in 县行政审批服务局 is a verb, but inside an office's name.
_ADMINISTRATIVE = re.compile(r"[省市县区州镇乡縣區鎮鄉]|[\u4e00-\u9fff]{1,4}[省市县区州镇乡縣區鎮鄉]")
_OFFICES = (*"局委院厅廳处處办辦站队隊会會部署所", "中心", "办公室")
_ENDS_WITH_POST = re.compile(rf"(?:[大中支总總]队长|{_POST}|代表|委员|教授|[长員员任])$")
_LATIN_NAME = r"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Cllr|Prof)\.? )?[A-Z][\w'’-]+(?: (?:[A-Z][a-z]?\.|[A-Z][\w'’-]*)){1,2})"
_LATIN_POST = (
    r"(?P<post>(?:(?!(?:the|to|by|of|an?|and|from|with|for|as|our|its|their|his|her) )[a-z]+ ){0,2}"
    r"(?:mayor|clerk|engineer|chair(?:man|woman)?|director|minister|president|secretary|head|chief|leader|officer|spokes(?:man|woman)))"
)
_LATIN = (
    re.compile(rf"{_LATIN_NAME}, (?:the )?{_LATIN_POST}\b"),
    re.compile(rf"\b(?:the )?{_LATIN_POST}, {_LATIN_NAME}"),
)
_LATIN_POSTS = (
    "mayor",
    "clerk",
    "engineer",
    "chair",
    "director",
    "minister",
    "president",
    "secretary",
    "head",
    "chief",
    "leader",
    "officer",
    "spokes",
)
# What a sentence says of somebody whom it has just named.
_FOLLOWS = re.compile(
    r"[^\u4e00-\u9fff]|[说說]|介绍|介紹|表示|告诉|告訴|指出|强调|強調|要求|认为|認為|坦言|透露|同志|主持|出席|带领|率|一行|在|是|为|為|向|对|對|与|和|及|也|都|还|先后|多次|到|接受"
)
_MAX_NAME = 3
_MAX_BARE = 2
_MAX_FIRST = 5


def people_of_card(card: str) -> tuple[str, str]:
    """Give the name and the posts of a person's card."""
    name, *posts = (line.strip() for line in card.splitlines() if line.strip())
    # A line that ends with no post goes on: 通河县人民法院 | 八斗坪人民法庭庭长.
    joined = "".join(f"{post}、" if _ENDS_WITH_POST.search(post) else post for post in posts)
    return name.replace(" ", "").replace("\u3000", ""), joined.removesuffix("、")


def find_people(texts: Iterable[str]) -> Mapping[str, str]:
    """Find the people whom texts name with a post, and the post that they give each most often, or the longest.

    :returns: names to posts, in the order in which they are first named.
    """
    people: dict[str, Counter[str]] = {}
    for text in texts:
        for name, post in (*_han_people(text), *_latin_people(text)):
            people.setdefault(name, Counter())[post] += 1
    return {name: _usual(posts) for name, posts in people.items()}


def _usual(posts: Counter[str]) -> str:
    return min(posts, key=lambda post: (-posts[post], -len(post), post))


def _han_people(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not has_han(text):
        return found
    for match in _WITH_POST.finditer(text):
        name = _name(text[match.end() : match.end() + 8])
        if name:
            before = _BEFORE.search(text, max(0, match.start() - 14), match.start())
            start = before.start() if before else match.start()
            chain = _CHAIN.search(text, max(0, start - 40), start)
            found.append((name, _post((chain.group() if chain else "") + text[start : match.end()])))
    return found


@lru_cache(maxsize=1 << 10)
def _post(said: str) -> str:
    """Take away what the sentence says before a post."""
    import rjieba

    first, mark, others = _TITLED.sub("", said).partition("、")
    kept = ""
    words = list(rjieba.tag(first))
    for number, (word, tag) in enumerate(words):
        outside = (tag in _NOT_POST or tag.startswith("u")) and not (
            _ADMINISTRATIVE.match(kept) and (word.endswith(_OFFICES) or _names_office(words[number + 1 :]))
        )
        kept = "" if outside else kept + word
    # 扶贫书记 is a post, though 扶贫 is a verb.
    return f"{kept if len(kept) > _MAX_BARE or len(first) > _MAX_FIRST else first}{mark}{others}"


def _names_office(words: Sequence[tuple[str, str]]) -> bool:
    """Tell whether words go on to the name of an office, before the post: 县行政 | 审批 服务局."""
    return _ENDS_WITH_POST.sub("", "".join(word for word, _ in words)).endswith(_OFFICES)


@lru_cache(maxsize=1 << 10)
def _name(tail: str) -> str:
    """Tell how much of the text behind a post is a name: two or three characters, '' where it is a word."""
    import rjieba

    length = next((n for n in (2, 3) if len(tail) == n or _FOLLOWS.match(tail, n)), 0)
    # The tagger knows simplified characters only; a name has as many of either.
    simplified = to_simplified(tail)
    words = rjieba.tag(simplified if len(simplified) == len(tail) else tail)
    first, tag = words[0]
    if len(first) > 1 and tag != "nr" and rjieba.has_word(first):
        return ""
    if length:
        return tail[:length]
    name = ""
    for word, _ in words:
        if len(name) > 1 or len(name) + len(word) > _MAX_NAME:
            break
        name += word
    return tail[: len(name)] if 2 <= len(name) <= _MAX_NAME else ""


def _latin_people(text: str) -> list[tuple[str, str]]:
    if not any(post in text for post in _LATIN_POSTS):
        return []
    lines = [line for line in text.split("\n") if ", " in line and any(post in line for post in _LATIN_POSTS)]
    return [(m.group("name"), m.group("post")) for pattern in _LATIN for line in lines for m in pattern.finditer(line)]
