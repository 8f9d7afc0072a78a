import re
from collections import Counter
from collections.abc import Iterable, Mapping

from retrieval.language.folding import to_simplified
from retrieval.language.scripts import has_han

__all__ = ["find_people", "people_of_card"]

_POST = (
    r"(?:书记|书记员|主任|局长|院长|检察长|县长|区长|市长|镇长|乡长|村长|部长|省长|校长|主席|会长|秘书长|队长|所长|庭长|总经理|董事长|组长|理事长|法官|民警|检察官|律师"
    r"|書記|局長|院長|檢察長|縣長|區長|市長|鎮長|鄉長|里長|部長|校長|會長|秘書長|隊長|所長|庭長|總經理|董事長|組長|理事長|法官|律師)"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温庞殷章葛管齐阳欧易伍喻单凌"
    "張劉陳楊黃趙吳孫馬許韓馮鄧曾蕭葉蘇魏呂盧鍾譚陸賈韋鄒龍賀顧龔萬錢嚴湯龐齊陽歐簡游詹"
)
_WITH_POST = re.compile(rf"{_POST}(?=[{_SURNAMES}][\u4e00-\u9fff])")
_BEFORE = re.compile(r"[\u4e00-\u9fff（）()]{0,14}$")
_CHAIN = re.compile(rf"([\u4e00-\u9fff]{{0,12}}{_POST}、)+$")
_TITLED = re.compile(r"^(?:时任|時任|现任|現任|原)")
# A word of these tags belongs to the sentence around a post: 成立 | 以 | 市委副书记.
_NOT_POST = ("v", "p", "d", "c", "u", "r", "m", "t")
_LATIN_NAME = r"(?P<name>(?:(?:Dr|Mr|Mrs|Ms|Cllr|Prof)\.? )?[A-Z][\w'’-]+(?: [A-Z][\w'’.-]*){1,2})"
_LATIN_POST = (
    r"(?P<post>(?:(?!(?:the|to|by|of|an?|and|from|with|for|as) )[a-z]+ ){0,2}(?:mayor|clerk|engineer|"
    r"chair(?:man|woman)?|director|minister|president|secretary|head|chief|leader|officer|spokes(?:man|woman)))"
)
_LATIN = (
    re.compile(rf"{_LATIN_NAME}, (?:the )?{_LATIN_POST}\b"),
    re.compile(rf"\b(?:the )?{_LATIN_POST}, {_LATIN_NAME}"),
)
_MAX_NAME = 3
_MAX_BARE = 2
_MAX_FIRST = 5


def people_of_card(card: str) -> tuple[str, str]:
    """Give the name and the posts of a person's card."""
    name, *posts = (line.strip() for line in card.splitlines() if line.strip())
    return name.replace(" ", "").replace("\u3000", ""), "".join(
        post if post.endswith("、") or number == len(posts) - 1 else f"{post}、" for number, post in enumerate(posts)
    )


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


def _post(words: str) -> str:
    """Take away what the sentence says before a post."""
    import rjieba

    first, mark, others = _TITLED.sub("", words).partition("、")
    kept = ""
    for word, tag in rjieba.tag(first):
        kept = "" if tag in _NOT_POST or tag.startswith("u") else kept + word
    # 扶贫书记 is a post, though 扶贫 is a verb.
    return f"{kept if len(kept) > _MAX_BARE or len(first) > _MAX_FIRST else first}{mark}{others}"


def _name(tail: str) -> str:
    """Tell how much of the text behind a post is a name: the words with which it begins, as a tagger reads them."""
    import rjieba

    # The tagger knows simplified characters only; a name has as many of either.
    simplified = to_simplified(tail)
    name = ""
    for number, (word, tag) in enumerate(rjieba.tag(simplified if len(simplified) == len(tail) else tail)):
        if number and (len(name) > 1 or len(name) + len(word) > _MAX_NAME):
            break
        if not number and len(word) > 1 and tag != "nr" and rjieba.has_word(word):
            return ""
        name += word
    return tail[: len(name)] if 2 <= len(name) <= _MAX_NAME else ""


def _latin_people(text: str) -> list[tuple[str, str]]:
    return [(match.group("name"), match.group("post")) for pattern in _LATIN for match in pattern.finditer(text)]
