from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval import Document
from retrieval.encoding import load_encoder
from retrieval.segmenting import iter_passages
from retrieval.syncing import preparing
from retrieval.syncing.preparing import encode
from retrieval.types import PassageDraft
from tests.retrieval.samples import COURT, LIBRARY, RIVER

TEXT = "\n\n".join([COURT, LIBRARY, RIVER] * 2)
DOCUMENT = Document("d", "d.txt", TEXT, "utf-8", "0")


def test_passages_are_cut_and_encoded_only_as_they_are_taken(
    encoder_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "_TOGETHER", 2)
    cut: list[PassageDraft] = []

    def watched() -> Iterator[PassageDraft]:
        for passage in iter_passages(DOCUMENT):
            cut.append(passage)
            yield passage

    encoded = encode(load_encoder(cache=encoder_cache / "encoder"), watched(), TEXT)
    next(encoded)
    assert len(cut) == 2
    next(encoded)
    next(encoded)
    assert len(cut) == 4


def test_known_rows_are_taken_and_the_others_encoded_in_their_order(encoder_cache: Path) -> None:
    encoder = load_encoder(cache=encoder_cache / "encoder")
    passages = list(iter_passages(DOCUMENT))
    fresh = [rows for _, rows in encode(encoder, passages, TEXT)]
    known = dict(zip(preparing._texts(passages, TEXT), fresh, strict=True))
    kept = {group: np.full_like(rows, 7) for group, rows in list(known.items())[:2]}
    for passage, rows in encode(encoder, passages, TEXT, kept):
        group = preparing._texts([passage], TEXT)[0]
        if group in kept:
            assert rows is kept[group]
        else:
            np.testing.assert_allclose(rows, known[group], atol=1e-5)
