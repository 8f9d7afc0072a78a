from retrieval import Archive


def test_every_visible_character_lies_in_one_block(seeds_archive: Archive) -> None:
    for info in seeds_archive.documents():
        text = seeds_archive.document(info.id).text
        outline = seeds_archive.outline(info.id)
        covered = [0] * len(text)
        for block in outline.blocks:
            for span in block.spans:
                for offset in range(span.start, span.end):
                    covered[offset] += 1
        wrong = [offset for offset, character in enumerate(text) if not character.isspace() and covered[offset] != 1]
        assert wrong == []


def test_articles_and_blocks_name_each_other(seeds_archive: Archive) -> None:
    for info in seeds_archive.documents():
        outline = seeds_archive.outline(info.id)
        for number, article in enumerate(outline.articles):
            assert all(outline.blocks[position].article == number for position in article.blocks)
        assert outline.date == info.date
        assert len(outline.to_dict()["blocks"]) == len(outline.blocks)
