from tests.extras import needs

pytestmark = needs("sentence_transformers")


def test_every_script_is_many_scripts() -> None:
    from training.parity import every_script

    scripts = every_script()
    assert len(scripts) > 100
    assert {"LATIN", "CJK", "CYRILLIC", "ARABIC", "HANGUL", "HIRAGANA", "THAI"} <= scripts.keys()
    assert "ж" in scripts["CYRILLIC"]
    assert all(len(letters) >= 10 for letters in scripts.values())


def test_both_runtimes_give_the_same_vectors() -> None:
    from training.parity import LARGEST, measure

    found = measure("universal", 120, seed=1)
    assert found.texts == 120
    assert 0 < found.difference < LARGEST
    assert found.worst
