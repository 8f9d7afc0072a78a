import json
from pathlib import Path

import pytest

from retrieval.search.channels import CHANNELS
from retrieval.search.features import FEATURES
from training.ablation import PARTS, main


def test_every_way_of_searching_and_every_feature_is_switched_off_once() -> None:
    assert sorted(part.channel for part in PARTS.values() if part.channel) == sorted(CHANNELS)
    named = [name for part in PARTS.values() for name in part.features]
    assert sorted(named) == sorted(FEATURES)


def test_the_table_has_a_row_for_each_part_and_a_column_for_each_test(
    tmp_path: Path, encoder_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"炎陵县法院调解成功率达99%。": "炎陵县的调解成功率是多少？", "株洲的志愿者有120名。": "株洲有多少志愿者？"}
    paragraphs = [
        {
            "context": text,
            "qas": [{"id": str(n), "question": asked, "answers": [{"text": text[:2], "answer_start": 0}]}],
        }
        for n, (text, asked) in enumerate(texts.items())
    ]
    file = tmp_path / "two.json"
    file.write_text(json.dumps({"data": [{"title": "t", "paragraphs": paragraphs}]}), encoding="utf-8")
    main([str(file), "--cache", str(encoder_cache)])
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == ["without", "two / two"]
    assert rows[2] == ["(nothing)", "1.000 (2)"]
    assert [row[0] for row in rows[3:]] == list(PARTS)
    assert {row[1] for row in rows[3:]} <= {"0", "-50.0", "-100.0"}
