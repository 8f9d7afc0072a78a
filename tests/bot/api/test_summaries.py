from pathlib import Path

from bot.api.server import make_app
from bot.settings import SecretStr, Settings
from tests.bot.api.serving import serving
from tests.bot.summary.server import running_model


def test_a_summary_stands_above_the_quotes_where_a_server_writes_one(
    seeds_archive_path: Path, encoder_cache: Path, tmp_path: Path
) -> None:
    question = {"question": "炎陵县的调解成功率是多少？"}
    with running_model() as model:
        model.text = "炎陵县的调解成功率是99%。[1]\n成功率是87%。[1]"
        settings = Settings(
            archive=seeds_archive_path,
            cache=encoder_cache,
            state_url=SecretStr(f"sqlite:///{tmp_path / 'state.sqlite3'}"),
            llm_url=model.url,
            llm_timeout=2,
        )
        with serving(make_app(settings)) as client:
            answer = client.post("/v1/ask", json=question).json()
            assert answer["summary"] == {
                "sentences": [{"text": "炎陵县的调解成功率是99%。", "quotes": [1]}],
                "dropped": 1,
            }
            model.manner = "failing"
            again = client.post("/v1/ask", json=question).json()
    assert again["summary"] is None
    assert again["quotes"] == answer["quotes"]
