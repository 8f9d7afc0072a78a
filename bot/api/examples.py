"""Examples in the OpenAPI document: real questions to the first archive, and what it answers.

Written by tests/bot/api/make_examples.py; change the requests there.
"""

from typing import Any

__all__ = ["ASK_ANSWERS", "ASK_REQUESTS", "DOCUMENTS", "DOCUMENT_ID", "DOCUMENT_LISTS", "SEARCH_RESULTS"]

DOCUMENT_ID = "b40212a39fc9b694"
ASK_REQUESTS: dict[str, Any] = {
    "chinese": {
        "summary": "In Chinese",
        "value": {
            "question": "炎陵县调解成功率是多少？",
            "top": 1,
        },
    },
    "english": {
        "summary": "In English",
        "value": {
            "question": "How many university students took part in the legal outreach?",
        },
    },
    "follow_up": {
        "summary": "A follow-up question",
        "value": {
            "question": "那攸县呢？",
            "top": 1,
            "history": [
                {
                    "question": "炎陵县调解成功率是多少？",
                    "answer": "调解成功率99%",
                },
            ],
        },
    },
    "filtered": {
        "summary": "Asked of a part of the archive",
        "value": {
            "question": "办了多少件案子？",
            "top": 1,
            "filters": {
                "since": "2021",
                "places": [
                    "攸县",
                ],
            },
        },
    },
    "not_found": {
        "summary": "What the archive does not hold",
        "value": {
            "question": "How do I bake a pizza?",
        },
    },
}
ASK_ANSWERS: dict[str, Any] = {
    "chinese": {
        "summary": "Answered",
        "value": {
            "status": "answered",
            "question": "炎陵县调解成功率是多少？",
            "language": "zh",
            "understood_as": "",
            "probability": 0.8344,
            "arrangement": "ranked",
            "quotes": [
                {
                    "text": (
                        "聚焦重点信访事项,分析研判,会商疑难复杂积案,充分发挥“人民调解制度建在"
                        "组上”优势,调处各类矛盾纠纷917件,调解成功900件,调解成功率99%。"
                    ),
                    "source": "003_1741ed30133a9311.txt",
                    "document_id": "b40212a39fc9b694",
                    "spans": [[1995, 2068]],
                    "lines": [35, 35],
                    "highlights": [[2064, 2067]],
                    "score": 0.8278,
                    "context": {
                        "title": "推进“五治”融合 夯实基层治理基石",
                        "publication": "株洲日报",
                        "date": "",
                        "page": "",
                        "article": "推进“五治”融合 夯实基层治理基石",
                        "headings": [
                            "主要工作取得了“四新”成效",
                        ],
                        "byline": "株洲日报·掌上株洲讯记者/贺天鸿 通讯员/唐新春 刘如荣",
                        "place": "炎陵县",
                        "section": "",
                        "weekday": "",
                        "period": "",
                        "people": [],
                    },
                },
            ],
            "near_misses": [],
            "missing": [],
            "reply": None,
            "total": 0,
            "summary": None,
            "timings_ms": {
                "search": 99.863,
                "quote": 190.995,
                "total": 290.858,
            },
            "citations": [
                {
                    "number": 1,
                    "document_id": "b40212a39fc9b694",
                    "source": "003_1741ed30133a9311.txt",
                    "title": "推进“五治”融合 夯实基层治理基石",
                    "publication": "株洲日报",
                    "date": "",
                    "page": "",
                    "text": (
                        "聚焦重点信访事项,分析研判,会商疑难复杂积案,充分发挥“人民调解制度建在"
                        "组上”优势,调处各类矛盾纠纷917件,调解成功900件,调解成功率99%。"
                    ),
                    "spans": [[1995, 2068]],
                    "url": "/source/b40212a39fc9b694#c1995-2068",
                },
            ],
            "conversation_id": None,
        },
    },
    "not_found": {
        "summary": "Not found",
        "value": {
            "status": "not_found",
            "question": "How do I bake a pizza?",
            "language": "en",
            "understood_as": "",
            "probability": 0.1773,
            "arrangement": "ranked",
            "quotes": [],
            "near_misses": [
                {
                    "text": (
                        "今年冬天非常寒冷，大雪和冻雨并未浇灭大学生们参加普法的热情，他们用青春"
                        "和活力驱散寒冬，用知识和热情发光发热，给基层人民送上了普法大餐，“送法"
                        "下乡”活动温暖了整个冬日。"
                    ),
                    "source": "001_0c89d29fcbe0335f.txt",
                    "document_id": "44e5e6e0dd6af564",
                    "spans": [[3988, 4071]],
                    "lines": [126, 126],
                    "highlights": [[4043, 4071]],
                    "score": 0.0739,
                    "context": {
                        "title": "以政法工作现代化护航高质量发展大局 ——2023年株洲政法工作综述",
                        "publication": "株洲日报",
                        "date": "2024-03-06",
                        "page": "05",
                        "article": "“制造名城 株洲@你” 101所高校的731名大学生来株普法",
                        "headings": [],
                        "byline": "株洲日报（全媒体记者/周圆 通讯员/赵庭菲 王勇）",
                        "place": "株洲市",
                        "section": "政法周刊",
                        "weekday": "星期三",
                        "period": "2024",
                        "people": [],
                    },
                },
            ],
            "missing": [],
            "reply": None,
            "total": 0,
            "summary": None,
            "timings_ms": {
                "search": 99.343,
                "quote": 136.662,
                "total": 236.005,
            },
            "citations": [
                {
                    "number": 1,
                    "document_id": "44e5e6e0dd6af564",
                    "source": "001_0c89d29fcbe0335f.txt",
                    "title": "“制造名城 株洲@你” 101所高校的731名大学生来株普法",
                    "publication": "株洲日报",
                    "date": "2024-03-06",
                    "page": "05",
                    "text": (
                        "今年冬天非常寒冷，大雪和冻雨并未浇灭大学生们参加普法的热情，他们用青春"
                        "和活力驱散寒冬，用知识和热情发光发热，给基层人民送上了普法大餐，“送法"
                        "下乡”活动温暖了整个冬日。"
                    ),
                    "spans": [[3988, 4071]],
                    "url": "/source/44e5e6e0dd6af564#c3988-4071",
                },
            ],
            "conversation_id": None,
        },
    },
}
SEARCH_RESULTS: dict[str, Any] = {
    "chinese": {
        "summary": "The first hit for 攸县 视频监控",
        "value": {
            "query": "攸县 视频监控",
            "hits": [
                {
                    "passage_id": 218,
                    "document_id": "8ef3dc460044885d",
                    "source": "004_8448e90374b1967b.txt",
                    "kind": "paragraph",
                    "text": (
                        "全面提升科技智能水平。近年来,积极推进信息化防控体系建设,在全县农村地区"
                        "大力开展乡村“雪亮工程”建设,18个中心区域和273个建制村(社区)共安装了80"
                        "0个视频监控摄像头,实现全县治安防控全覆盖,不断提升农村社会面治安防控水"
                        "平。实施了“智慧攸县”电子监控系统建设等工程。大力推进电子物证规范化、"
                        "系统化管理和智慧监所建设,做到了物证入库、流转、出库都有据可查,构建了“"
                        "扁平指挥、智能管理、精准防控、合成作战、动态管控”的智慧监管新格局。"
                    ),
                    "spans": [[2826, 3043]],
                    "score": 0.8858,
                    "channels": {
                        "words": 0.5022,
                        "bigrams": 0.4828,
                        "context": 0.5958,
                        "neighbours": 0.0,
                        "dense": 0.5354,
                        "names": 0.0,
                    },
                    "context": {
                        "title": (
                            "勇当实施“三高四新”战略主力军 奋力谱写现代化新株洲壮美篇章 ——全市政"
                            "法系统贯彻落实党代会精神特别报道·攸县篇"
                        ),
                        "publication": "株洲日报",
                        "date": "2021-11-24",
                        "page": "",
                        "article": "着力履行政法职能 护航经济社会发展",
                        "headings": [
                            "——攸县政法工作综述",
                            "关键词 治理创新",
                        ],
                        "byline": "株洲日报掌上株洲记者贺天鸿 通讯员 蔡鹏 齐林",
                        "place": "攸县",
                        "section": "",
                        "weekday": "星期三",
                        "period": "2021",
                        "people": [],
                    },
                },
            ],
            "explanation": None,
        },
    },
}
DOCUMENT_LISTS: dict[str, Any] = {
    "first": {
        "summary": "With limit=1",
        "value": {
            "total": 5,
            "documents": [
                {
                    "id": "92b8e359cfa05984",
                    "source": "000_9ab36ebe24ae901b.txt",
                    "title": "岁月静好背后的力量 ——株洲政法“4451”工作纪实",
                    "publication": "株洲日报",
                    "date": "",
                    "encoding": "utf-8",
                    "revision": "0ebe34e1e5ed77f32d0ade431222f81f60233b742cc19a970e00333673ed89c2",
                    "characters": 5044,
                    "passages": 49,
                    "uploaded": False,
                    "warnings": [],
                },
            ],
        },
    },
}
DOCUMENTS: dict[str, Any] = {
    "start": {
        "summary": "The text, articles and blocks are cut here for the example",
        "value": {
            "id": "b40212a39fc9b694",
            "source": "003_1741ed30133a9311.txt",
            "title": "推进“五治”融合 夯实基层治理基石",
            "publication": "株洲日报",
            "date": "",
            "encoding": "utf-8",
            "revision": "fa5d2e600e43a53608d6e11dbc497e637673c558952f3bd3615aad52ed9c969a",
            "characters": 4816,
            "passages": 32,
            "uploaded": False,
            "warnings": [],
            "text": (
                "\n\n推进“五治”融合 夯实基层治理基石\n\n株洲日报·掌上株洲讯记者/贺天鸿 "
                "通讯员/唐新春 刘如荣\n\n为奋力谱写炎陵高质…"
            ),
            "outline": {
                "document_id": "b40212a39fc9b694",
                "publication": "株洲日报",
                "date": "",
                "weekday": "",
                "page": "",
                "section": "",
                "articles": [
                    {
                        "headline": "推进“五治”融合 夯实基层治理基石",
                        "byline": "株洲日报·掌上株洲讯记者/贺天鸿 通讯员/唐新春 刘如荣",
                        "place": "炎陵县",
                        "date": "",
                        "period": "",
                        "blocks": [0],
                    },
                ],
                "blocks": [
                    {
                        "kind": "headline",
                        "spans": [[2, 19]],
                        "article": 0,
                        "copy_of": None,
                    },
                ],
            },
        },
    },
}
