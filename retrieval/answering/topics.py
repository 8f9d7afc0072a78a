import re

from retrieval.language.folding import fold

__all__ = ["ASKING", "topic_of"]

_ENDS = " \t\n?？.。!！~～…，, 、"
# A topic of fewer characters keeps the part of the page that was asked about.
_FEW_CHARACTERS = 6
ASKING = re.compile(
    r"(?:总共|一共|到底|究竟)?(?:有|是|为|叫|在|达|占)?(?:多少|几)(?![乎])(?:[个件起宗人名位元岁次场本份条项家所处台辆间座届年天月日里米吨亩户村镇张篇部类种]{1,2})?"
    r"|(?:是|叫|有|在)?(?:谁|哪位|什么时候|何时|什么|啥|哪里|哪儿|怎么样|如何|怎样|怎么)|哪[些几个]*[个年天位]?|为什么|为何|[吗呢]|有没有|[?？]"
)
"""What a Chinese or Japanese question asks with; what is left of it is its topic."""
_HOLDS = re.compile("大?标题|题目|作者")


def topic_of(question: str) -> str:
    """Give what a Chinese question is about: its words without those that ask."""
    folded = fold(question)
    kept, position = [], 0
    for match in ASKING.finditer(folded):
        kept.append(question[position : match.start()])
        position = match.end()
    topic = "".join([*kept, question[position:]]).strip(_ENDS)
    held = _HOLDS.search(fold(topic))
    if held and len(topic) > _FEW_CHARACTERS:
        topic = topic[: held.start()] + topic[held.end() :]
    return re.sub("[的了呢]+$", "", topic) or question.strip(_ENDS)
