import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.identification import identify

QUESTIONS = Path(__file__).parents[2] / "quality" / "questions.jsonl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("炎陵县的调解成功率是多少？", "zh"),
        ("炎陵縣的調解成功率是多少？", "zh-Hant"),
        ("株洲", "zh"),
        ("How high is the success rate?", "en"),
        ("mediation statistics", "en"),
        ("炎陵県の調停成功率はどのくらいですか。", "ja"),
        ("東京タワー", "ja"),
        ("조정 성공률은 얼마입니까?", "ko"),
        ("調停 성공률", "ko"),
        ("Какова доля успешных примирений?", "ru"),
        ("Wie viele Streitigkeiten wurden geschlichtet?", "de"),
        ("Combien de litiges ont été réglés ?", "fr"),
        ("¿Cuántas disputas se resolvieron en el condado?", "es"),
        ("Quante controversie sono state risolte nella contea?", "it"),
        ("Quantas disputas foram resolvidas no condado?", "pt"),
        ("كم عدد القضايا؟", "ar"),
        ("มีคดีกี่คดี", "th"),
        ("What does 炎陵 mean in the report?", "en"),
        ("炎陵县的GDP是多少？", "zh"),
        ("iPhone13多少钱", "zh"),
        ("", "und"),
        ("312 99%", "und"),
        ("😀？", "und"),
    ],
)
def test_identifies(text: str, language: str) -> None:
    assert identify(text) == language


def test_identifies_nearly_all_questions_on_the_seeds() -> None:
    rows = [json.loads(row) for row in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    wrong = [row["id"] for row in rows if identify(row["question"]).partition("-")[0] != row["lang"].partition("-")[0]]
    assert len(wrong) <= 0.02 * len(rows), wrong


@given(st.text())
def test_any_text_gets_a_tag(text: str) -> None:
    assert identify(text) in {"ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "th", "und", "zh", "zh-Hant"}
