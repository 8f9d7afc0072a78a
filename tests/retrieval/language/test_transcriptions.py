import pytest

from retrieval.language.transcriptions import transcribed_names


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        ("Сколько дел рассмотрели суды Чжучжоу в 2023 году?", "zhuzhou"),
        ("в деревнях Яньлина", "yanling"),
        ("секретарь из уезда Юсянь", "youxian"),
        ("кампании в Юсяне", "youxian"),
        ("Родился ли Линь Тао здесь?", "lintao"),
        ("Что сказал Ху Чанчунь?", "huchangchun"),
        ("в Шэньчжэне", "shenzhen"),
        ("из Хуэйчжоу", "huizhou"),
        ("в провинции Сычуань", "sichuan"),
        ("옌링현에서", "yanlingxian"),
        ("유현 정법위원회", "youxian"),
        ("2021년에 주저우시에서", "zhuzhou"),
        ("후창춘은 누구", "huchangchun"),
        ("린타오는", "lintao"),
        ("베이징의 날씨", "beijing"),
        ("상하이에서", "shanghai"),
        ("쓰촨성", "sichuansheng"),
        ("시안의 역사", "xian"),
    ],
)
def test_a_transcribed_name_has_its_sound(text: str, sound: str) -> None:
    assert sound in {form for _, forms in transcribed_names(text) for form in forms}


@pytest.mark.parametrize("text", ["Сколько дел рассмотрели суды?", "炎陵县", "Zhuzhou", "", "Кто написал заметку"])
def test_other_words_are_no_names(text: str) -> None:
    assert list(transcribed_names(text)) == []


def test_many_readings_stay_few() -> None:
    assert all(len(forms) <= 24 for _, forms in transcribed_names("주주주주주 스스스스스 " * 20))
