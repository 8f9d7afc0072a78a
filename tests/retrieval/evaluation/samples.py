"""A small corpus in two languages, written for these tests: paragraph i is the same in both."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    zh: str
    en: str
    zh_question: str
    en_question: str


SAMPLES = (
    Sample(
        "石桥镇的老茶馆建于1936年，现由陈桂香一家经营，每天清晨五点开门。",
        "The old teahouse of Shiqiao was built in 1936. The Chen family runs it and opens at five every morning.",
        "石桥镇的老茶馆是哪一年建的？",
        "When was the old teahouse of Shiqiao built?",
    ),
    Sample(
        "县图书馆去年借出图书十二万册，其中儿童读物占四成。",
        "The county library lent 120,000 books last year; four in ten were books for children.",
        "县图书馆借出的书里儿童读物占多少？",
        "What share of the library's loans were books for children?",
    ),
    Sample(
        "青龙山的护林员刘大川在山上守了二十七年，扑灭过六场山火。",
        "Liu Dachuan, a forest ranger on Green Dragon Mountain, kept watch for 27 years and put out six fires.",
        "护林员刘大川扑灭过几场山火？",
        "How many forest fires did the ranger Liu Dachuan put out?",
    ),
    Sample(
        "渡口的轮渡每半小时一班，末班船晚上九点离岸，大风天停航。",
        "The ferry leaves every half hour. The last boat departs at nine in the evening; it stays in strong wind.",
        "轮渡末班船几点离岸？",
        "At what time does the last ferry depart?",
    ),
    Sample(
        "这种柑橘叫冰糖橙，十一月成熟，皮薄，糖度在十四度以上。",
        "This orange is called rock-sugar orange. It ripens in November, has a thin skin and is very sweet.",
        "冰糖橙什么时候成熟？",
        "In which month does the rock-sugar orange ripen?",
    ),
    Sample(
        "新修的自行车道全长十八公里，沿河而建，设有九个驿站。",
        "The new bicycle path along the river is eighteen kilometres long and has nine rest stops.",
        "自行车道有多长？",
        "How long is the new bicycle path?",
    ),
    Sample(
        "消防队在居民楼里救出一只被困在空调外机后面的橘猫。",
        "Firefighters rescued an orange cat that was stuck behind an air conditioner of an apartment building.",
        "消防队救出了什么动物？",
        "Which animal did the firefighters rescue?",
    ),
    Sample(
        "陶瓷厂的龙窑长六十米，烧一次窑要用三天三夜，温度达到一千三百度。",
        "The dragon kiln of the pottery is sixty metres long. One firing takes three days and reaches 1,300 degrees.",
        "龙窑烧一次要多长时间？",
        "How long does one firing of the dragon kiln take?",
    ),
    Sample(
        "村里的小学只有两名老师和十一名学生，音乐课由邮递员来上。",
        "The village school has two teachers and eleven pupils; the postman gives the music lessons.",
        "村里小学的音乐课是谁上的？",
        "Who gives the music lessons at the village school?",
    ),
    Sample(
        "气象站记录到的最低气温是零下九度，出现在一月二十三日。",
        "The lowest temperature that the weather station recorded was nine below zero, on January 23.",
        "气象站记录的最低气温是多少？",
        "What was the lowest temperature recorded by the weather station?",
    ),
    Sample(
        "剧团今年排演了新戏《渔火》，讲的是三代渔民上岸的故事。",
        "The theatre company rehearsed a new play, Fishing Lights, about three generations of fishermen.",
        "剧团的新戏叫什么名字？",
        "What is the theatre company's new play about?",
    ),
    Sample(
        "医院的夜间急诊搬到了东门，挂号窗口二十四小时开放。",
        "The hospital's emergency room at night moved to the east gate; its desk is open around the clock.",
        "医院夜间急诊搬到哪里了？",
        "Where did the hospital's night emergency room move?",
    ),
)


def write_squad(path: Path, pairs: Sequence[tuple[str, str]]) -> Path:
    """Write paragraphs and one question each, in articles of five paragraphs."""
    items = [
        {"context": text, "qas": [{"id": f"q{number}", "question": question, "answers": []}]}
        for number, (text, question) in enumerate(pairs)
    ]
    data = [{"title": "", "paragraphs": items[start : start + 5]} for start in range(0, len(items), 5)]
    path.write_text(json.dumps({"version": "1", "data": data}, ensure_ascii=False), encoding="utf-8")
    return path
