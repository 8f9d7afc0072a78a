import random

from retrieval.language.duplicates import CopyGroup, find_copies
from retrieval.segmenting.pages import read_page
from retrieval.types import BlockKind
from tests.retrieval.segmenting.truth import marked_pages

LONG = (
    "全市公安机关闻令而行、全力以赴，以雷霆之势推进打、防、管、治各项工作，全力挤压违法犯罪空间，"
    "圆满完成北斗峰会、航博会、轨博会等三十余项重大安保任务，牢牢守住安全稳定底线。"
)
OTHER = (
    "市司法局在全省率先出台《关于全面推进严格公正文明执法的实施意见》，持续擦亮“法治株洲”品牌，"
    "成功创建示范市，各项工作取得新进展。"
)


def _misread(text: str, share: float, seed: int) -> str:
    """Read some characters wrongly, as OCR does."""
    chance = random.Random(seed)
    return "".join(chr(ord("一") + chance.randrange(5000)) if chance.random() < share else c for c in text)


def test_a_copy_with_letters_read_differently_is_found_and_the_longer_text_kept() -> None:
    assert find_copies([_misread(LONG, 0.04, 1), OTHER, LONG + "百姓看平安，关键看治安。"]) == [CopyGroup(2, (0,))]


def test_spaces_punctuation_width_and_script_do_not_hide_a_copy() -> None:
    traditional = LONG.replace("违法", "違法").replace("圆满", "圓滿").replace("，", ", ").replace("、", " ")
    assert find_copies([LONG, OTHER, traditional]) == [CopyGroup(0, (2,))]


def test_the_first_of_equals_is_kept() -> None:
    assert find_copies([OTHER, LONG, LONG, OTHER]) == [CopyGroup(0, (3,)), CopyGroup(1, (2,))]


def test_short_texts_and_texts_of_the_same_form_are_no_copies() -> None:
    short = ["记者 李明 摄", "记者 李明 摄"]
    forms = [
        f"全市法院受理各类案件{taken}件，审执结{closed}件，员额法官人均办案{each}件，位居全省第二，各项工作稳步向前推进。"
        for taken, closed, each in ((90190, 81180, 234), (31288, 29876, 198))
    ]
    assert find_copies([*short, *forms, ""]) == []


def test_across_all_marked_pages_only_the_marked_copy_is_found() -> None:
    texts = [
        "".join(page.text[part.span.start : part.span.end] for part in entry.parts)
        for page in marked_pages()
        for entry in read_page(page.text).entries
        if entry.parts[0].kind is BlockKind.PARAGRAPH
    ]
    groups = find_copies(texts)
    assert [texts[group.kept][:12] for group in groups] == ["全国第一批节约型机关建设"]
    assert [len(group.copies) for group in groups] == [1]


def test_many_texts_take_time_in_proportion() -> None:
    texts = [_misread(LONG, 1.0, seed) for seed in range(3000)] + [LONG] * 500
    assert find_copies(texts) == [CopyGroup(3000, tuple(range(3001, 3500)))]
