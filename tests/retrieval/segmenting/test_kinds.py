import numpy as np

from retrieval.segmenting.blocks import find_blocks
from retrieval.segmenting.gathering import gather_articles
from retrieval.segmenting.headlines import Part
from retrieval.segmenting.kinds import KINDS, KindReader, load_reader, read_kinds
from retrieval.segmenting.traits import Traits, traits_of
from retrieval.types import BlockKind

PAGE = """滨湖日报

2024年5月8日 星期三 第3版

渔港来了新“管家”

本报记者 沈一舟

5月6日，滨湖县东港村的码头上，渔民们第一次用上了公平秤，过秤、记账、结款都在一张屏幕上完成，全村三

东港村码头。沈一舟 摄

百多户渔民再也不用为斤两争吵。
"""


def _traits(text: str, line: int) -> Traits:
    return traits_of(text, find_blocks(text))[line]


def test_a_page_that_no_weight_was_fitted_to_is_read() -> None:
    blocks = read_kinds(PAGE, find_blocks(PAGE))
    assert [block.kind for block in blocks] == [
        *[BlockKind.IMPRINT] * 2,
        BlockKind.HEADLINE,
        BlockKind.BYLINE,
        BlockKind.PARAGRAPH,
        BlockKind.CAPTION,
        BlockKind.PARAGRAPH,
    ]


def test_traits_tell_a_block_by_itself_and_by_its_place() -> None:
    caption = _traits(PAGE, 5)
    assert {"credit", "zh"} <= set(caption.own)
    assert {"below cut", "inside cut"} <= set(caption.place)
    assert "aa 东港" in caption.words
    assert "reads on" in _traits(PAGE, 6).place
    assert "byline" in _traits(PAGE, 3).own


def test_the_likeliest_path_is_taken_and_not_the_likeliest_kinds() -> None:
    count = len(KINDS)
    paragraph, caption = KINDS.index(BlockKind.PARAGRAPH), KINDS.index(BlockKind.CAPTION)
    own = np.zeros((5, 2, count), np.float32)
    own[0, 0, paragraph] = own[0, 1, caption] = 1.0
    chain = np.zeros((count + 1, count), np.float32)
    chain[paragraph, caption] = -3.0
    reader = KindReader({"one": 0, "two": 1}, {}, own, np.zeros((0, count), np.float32), chain)
    traits = [Traits((name,), (), ()) for name in ("one", "one", "two")]
    assert reader.read(traits)[:2] == [BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]
    assert reader.read(traits)[2] is not BlockKind.CAPTION
    assert reader.read([]) == []


def test_the_weights_are_of_the_shapes_that_are_read() -> None:
    reader = load_reader()
    assert reader.own.shape == (5, len(reader.own_names), len(KINDS))
    assert reader.place.shape == (len(reader.place_names), len(KINDS))
    assert reader.chain.shape == (len(KINDS) + 1, len(KINDS))


def test_an_article_begins_at_its_shoulder_and_a_headline_of_two_lines_is_one() -> None:
    kinds = (
        (BlockKind.HEADLINE, "一纸公约", 1),
        (BlockKind.HEADLINE, "管住三百户", 0),
        (BlockKind.BYLINE, "本报记者 沈一舟", 1),
        (BlockKind.PARAGRAPH, "公约贴在墙上。", 1),
        (BlockKind.SHOULDER, "东港村办实事", 1),
        (BlockKind.HEADLINE, "码头有了公平秤", 1),
        (BlockKind.PARAGRAPH, "本报讯（记者 何芳）渔民们用上了公平秤。", 1),
    )
    articles = gather_articles([Part(kind, text, gap) for kind, text, gap in kinds])
    assert [(a.headline, a.byline, a.members) for a in articles] == [
        ("一纸公约 管住三百户", "本报记者 沈一舟", [0, 1, 2, 3]),
        ("码头有了公平秤", "本报讯（记者 何芳）", [4, 5, 6]),
    ]
