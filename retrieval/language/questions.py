"""The words by which a question asks: they say what kind of answer is wanted, not what it is about."""

import re
from functools import lru_cache

from retrieval.language.folding import fold
from retrieval.language.scripts import has_han

__all__ = ["content_text", "only_asks"]

# Longest first matters only among alternatives of one beginning; the pattern is sorted by length.
_CHINESE = (
    "请问 请告诉我 请 我想知道 我想问 想知道 想问 想问问 问一下 告诉我 帮我查 查一下 有没有 是不是 能不能 会不会 可不可以 什么时候 何时 "
    "什么 啥 哪一年 哪年 哪一天 哪天 哪一 哪些 哪几 哪个 哪里 哪儿 哪位 哪 谁 多少 几 怎么样 怎么 怎样 如何 为什么 为何 为啥 何 吗 呢 吧 "
    "么 啊 呀 是 的 了 着 过 在 到底 究竟 总共 一共 都 也 又 就 还 被 把 给 和 与 跟 及 或 以及 这 那 这个 那个 那些 这些 它 他 她 我 我们 "
    "你 你们 他们 有 叫 叫做 多大 多高 多长 关于 对于 其中 之一 中 里 上 时 于 由 从 向 为 以 其 之 所 而 因 所以 因为 但 并 等 个"
)
_ENGLISH = (
    "a an the of to in on at by for from with without about into over under as is are was were be been being am do does "
    "did done have has had having can could would should will shall may might must and or but if than then that this "
    "these those there here it its he she his her their them they we our us you your i my me who whom whose which what "
    "when where why how many much long far old big tell please name give called s t d ll ve re not no any some all "
    "also such so very more most other each both between during after before out up down off only own same"
)
_GERMAN = (
    "der die das den dem des ein eine einen einem einer eines und oder ist sind war waren wurde wurden wird werden wer "
    "was wie wo wann warum welche welcher welches welchen viele viel in im an am auf von vom mit zu zum zur für bei aus "
    "es sie er sich nicht hat haben hatte gibt gab dass als auch"
)
_FRENCH = (
    "le la les l un une des du de d et ou est sont était étaient fut a ont à au aux en dans par pour sur avec sans qui que "
    "quoi quel quelle quels quelles combien quand où comment pourquoi ce cette ces il elle ils elles se s n ne pas on y"
)
_SPANISH = (
    "el la los las un una unos unas de del y o es son era eran fue fueron a al en por para con sin sobre quién quiénes qué "
    "cuál cuáles cuánto cuánta cuántos cuántas cuándo dónde cómo que se su sus lo le ha han hay no"
)
_RUSSIAN = (
    "и в во на с со по к ко о об от из за для не что кто какой какая какие какое каких где когда почему как сколько ли был "
    "была было были есть это этот эта эти он она они его ее их у же бы"
)
_JAPANESE = (
    "ですか ますか でしたか ましたか ください 教えて は が を に で と の も か へ です ます した する いつ どこ だれ 誰 何 なに なん "
    "どの どれ どのくらい いくつ いくら なぜ どう"
)
_ALPHABETIC = frozenset(f"{_ENGLISH} {_GERMAN} {_FRENCH} {_SPANISH} {_RUSSIAN}".split())
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _han_pattern() -> re.Pattern[str]:
    phrases = {fold(phrase) for phrase in f"{_CHINESE} {_JAPANESE}".split()}
    return re.compile("|".join(sorted(map(re.escape, phrases), key=lambda phrase: (-len(phrase), phrase))))


def content_text(question: str) -> str:
    """Give what a question is about: its folded text, a space in the place of each word that only asks.

    A question that has no other words comes back whole.
    """
    content = _content(question)
    return content if any(character.isalnum() for character in content) else fold(question)


def only_asks(question: str) -> bool:
    """Tell whether a question has no words but such that ask, as 在哪里？ and “How many?” have."""
    # 什么时候 is two words to the segmenter.
    return not any(character.isalnum() for character in _content(question).replace("时候", ""))


def _content(question: str) -> str:
    content = _WORD.sub(lambda match: " " if match.group() in _ALPHABETIC else match.group(), fold(question))
    return _strip_han(content) if has_han(content) else content


def _strip_han(text: str) -> str:
    """Drop the asking words of Chinese and Japanese, but only as whole words: 过 asks nothing in 通过."""
    import rjieba

    asking = _han_pattern()
    return "".join(" " if asking.fullmatch(word) else word for word in rjieba.cut(text))
