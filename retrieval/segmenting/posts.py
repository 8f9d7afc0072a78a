"""Which lines name a post that somebody holds."""

import re

__all__ = ["names_post", "names_usual_post"]

_POST = re.compile(
    r"书记|主任|局长|院长|检察长|县长|区长|市长|镇长|乡长|部长|校长|主席|会长|委员(?!会)|代表|秘书长|队长|所长|庭长|总经理|董事长|理事长"
    r"|書記|局長|院長|檢察長|縣長|區長|市長|鎮長|鄉長|部長|校長|會長|委員(?!會)|秘書長|隊長|所長|總經理|董事長|理事長"
)
# Other posts end with one of these: 禁毒大队教导员.
_POST_END = re.compile(r"[\u4e00-\u9fff]{3}[长長员員师師警授]$")


def names_usual_post(text: str) -> bool:
    """Tell whether a line names one of the posts that are known by name: 县委书记."""
    return _POST.search(text) is not None


def names_post(text: str) -> bool:
    """Tell whether a line names a post that somebody holds: 县委书记, 禁毒大队教导员."""
    return _POST.search(text) is not None or _POST_END.search(text) is not None
