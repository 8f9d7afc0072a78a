import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import settings as module
from bot.settings import SecretStr, Settings, SettingsError
from retrieval import BackendChoice

ROOT = Path(__file__).resolve().parents[2]


def test_defaults_in_a_checkout() -> None:
    settings = Settings.load({})
    assert settings == dataclasses.replace(
        Settings(),
        archive=ROOT / ".wenju" / "archive",
        sources=ROOT / "seeds",
        encoder=None,
        top=3,
        host="127.0.0.1",
        port=8000,
        telegram_token=None,
        telegram_base_url="https://api.telegram.org/bot",
        log_level="info",
        language="en",
        color=None,
    )
    assert settings.archive_is_default


def test_every_field_is_read(tmp_path: Path) -> None:
    settings = Settings.load(
        {
            "WENJU_ARCHIVE": str(tmp_path),
            "WENJU_SOURCES": "papers",
            "WENJU_ENCODER": "sentence-transformers:x",
            "WENJU_BACKEND": "Milvus",
            "WENJU_MILVUS_URI": "http://milvus:19530",
            "WENJU_MILVUS_TOKEN": "root:secret",
            "WENJU_TOP": "7",
            "WENJU_HOST": "::1",
            "WENJU_PORT": "0",
            "WENJU_TELEGRAM_TOKEN": " 123:abc\n",
            "WENJU_TELEGRAM_BASE_URL": "http://127.0.0.1:1/bot",
            "WENJU_TELEGRAM_ADMINS": "12345, 67890,",
            "WENJU_TELEGRAM_FORGET_HOURS": "24",
            "WENJU_TELEGRAM_QUESTIONS_PER_MINUTE": "5",
            "WENJU_TELEGRAM_DROP_PENDING": "on",
            "WENJU_TELEGRAM_WEBHOOK_URL": "https://archive.example/telegram",
            "WENJU_TELEGRAM_WEBHOOK_SECRET": "hook-secret",
            "WENJU_TELEGRAM_WEBHOOK_HOST": "0.0.0.0",
            "WENJU_TELEGRAM_WEBHOOK_PORT": "8444",
            "WENJU_TELEGRAM_STATUS_PORT": "0",
            "WENJU_LOG_LEVEL": "DEBUG",
            "WENJU_LANGUAGE": "zh-Hant",
            "WENJU_LLM_URL": "http://127.0.0.1:1/v1",
            "WENJU_LLM_MODEL": "small",
            "WENJU_LLM_KEY": "model-secret",
            "WENJU_LLM_TIMEOUT": "7",
            "WENJU_STATE_URL": "postgresql://wenju:secret@db/wenju",
            "WENJU_ARCHIVE_URL": "postgresql://wenju:hush@db/wenju?schema=papers",
            "WENJU_API_KEYS": "on",
            "WENJU_WORKERS": "2",
            "WENJU_PUBLIC_URL": "https://archive.example",
            "WENJU_ALLOWED_HOSTS": "archive.example, other.example,",
            "WENJU_TRUSTED_PROXIES": "10.0.0.1",
            "WENJU_CORS_ORIGINS": "https://chat.example,http://localhost:3000",
            "WENJU_RATE_PER_KEY": "0",
            "WENJU_RATE_PER_ADDRESS": "10",
            "WENJU_UPLOAD_MEGABYTES": "1",
            "WENJU_QUESTION_SECONDS": "5",
            "WENJU_CONVERSATION_DAYS": "1",
            "WENJU_LOG_QUESTIONS": "ON",
            "NO_COLOR": "1",
        }
    )
    assert settings == Settings(
        archive=tmp_path,
        archive_url=SecretStr("postgresql://wenju:hush@db/wenju?schema=papers"),
        sources=Path("papers"),
        encoder="sentence-transformers:x",
        backend="milvus",
        milvus_uri="http://milvus:19530",
        milvus_token=SecretStr("root:secret"),
        top=7,
        host="::1",
        port=0,
        telegram_token=SecretStr("123:abc"),
        telegram_base_url="http://127.0.0.1:1/bot",
        telegram_admins=(12345, 67890),
        telegram_forget_hours=24,
        telegram_questions_per_minute=5,
        telegram_drop_pending=True,
        telegram_webhook_url="https://archive.example/telegram",
        telegram_webhook_secret=SecretStr("hook-secret"),
        telegram_webhook_host="0.0.0.0",
        telegram_webhook_port=8444,
        telegram_status_port=0,
        log_level="debug",
        language="zh-Hant",
        llm_url="http://127.0.0.1:1/v1",
        llm_model="small",
        llm_key=SecretStr("model-secret"),
        llm_timeout=7,
        color=False,
        state_url=SecretStr("postgresql://wenju:secret@db/wenju"),
        api_keys=True,
        workers=2,
        public_url="https://archive.example",
        allowed_hosts=("archive.example", "other.example"),
        trusted_proxies=("10.0.0.1",),
        cors_origins=("https://chat.example", "http://localhost:3000"),
        rate_per_key=0,
        rate_per_address=10,
        upload_megabytes=1,
        question_seconds=5,
        conversation_days=1,
        log_questions=True,
    )
    assert not settings.archive_is_default
    assert settings.backend_choice == BackendChoice("milvus", "http://milvus:19530", "root:secret")
    assert settings.archive_database == "postgresql://wenju:hush@db/wenju?schema=papers"
    assert "hush" not in f"{settings}"
    assert "root:" not in f"{settings} {settings.backend_choice}"


def test_no_field_is_forgotten() -> None:
    shown = set(re.findall(r"^#WENJU_([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert shown == {field.name.upper() for field in dataclasses.fields(Settings)} - {"COLOR"} | {"DOCUMENTS"}


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("WENJU_TOP", "0", "a whole number from 1 to 10"),
        ("WENJU_TOP", "three", "a whole number from 1 to 10"),
        ("WENJU_TOP", "３", "a whole number from 1 to 10"),
        ("WENJU_PORT", "65536", "a whole number from 0 to 65535"),
        ("WENJU_PORT", "9" * 5000, "a whole number from 0 to 65535"),
        ("WENJU_PORT", "-1", "a whole number from 0 to 65535"),
        ("WENJU_BACKEND", "faiss", "one of local, milvus"),
        ("WENJU_LOG_LEVEL", "loud", "one of critical, error, warning, info, debug"),
        ("WENJU_TELEGRAM_BASE_URL", "api.telegram.org", "begins with https://"),
        ("WENJU_API_KEYS", "yes", "on or off"),
        ("WENJU_CORS_ORIGINS", "*", "origin in full"),
        ("WENJU_CORS_ORIGINS", "https://a.example/page", "origin in full"),
        ("WENJU_WORKERS", "0", "a whole number from 1 to 64"),
        ("WENJU_ARCHIVE", "~nobody-here/archive", "write it in full"),
        ("WENJU_TELEGRAM_ADMINS", "12345 67890", "with a comma between two"),
        ("WENJU_TELEGRAM_ADMINS", "@somebody", "name whole numbers, as 12345"),
        ("WENJU_TELEGRAM_FORGET_HOURS", "0", "a whole number from 1 to 8760"),
    ],
)
def test_a_bad_value_is_one_line_with_the_cure(name: str, value: str, cure: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: value})
    message = str(caught.value)
    assert name in message
    assert cure in message
    assert "\n" not in message
    assert len(message) < 300


def test_the_state_is_beside_the_archive_unless_told(tmp_path: Path) -> None:
    beside = Settings(archive=tmp_path / "papers").state_address
    assert beside == f"sqlite:///{tmp_path.resolve()}/papers.state.sqlite3"
    told = Settings.load({"WENJU_STATE_URL": "postgresql://u:hush@db/x"})
    assert told.state_address == "postgresql://u:hush@db/x"
    assert "hush" not in repr(told)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.load({"WENJU_TELEGRAM_TOKEN": "", "WENJU_TOP": "", "NO_COLOR": ""}) == Settings.load({})


def test_the_token_never_shows() -> None:
    settings = Settings.load({"WENJU_TELEGRAM_TOKEN": "123:hush"})
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "123:hush"
    assert "hush" not in f"{settings} {settings!r} {settings.telegram_token}"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE@euro"}, "de-DE"),
        ({"LANG": "de_DE.UTF-8", "WENJU_LANGUAGE": "zh"}, "zh"),
    ],
)
def test_language(variables: dict[str, str], language: str) -> None:
    assert Settings.load(variables).language == language


@pytest.mark.parametrize(
    ("variables", "color"),
    [
        ({}, None),
        ({"FORCE_COLOR": "1"}, True),
        ({"TERM": "dumb"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_color(variables: dict[str, str], color: bool | None) -> None:
    assert Settings.load(variables).color is color


class TestInstalledElsewhere:
    @pytest.fixture(autouse=True)
    def away(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(module, "_ROOT", tmp_path / "site-packages")
        monkeypatch.chdir(tmp_path)

    def test_the_archive_is_among_the_users_data(self, tmp_path: Path) -> None:
        settings = Settings.load({"XDG_DATA_HOME": str(tmp_path)})
        assert settings.archive == tmp_path / "wenju" / "archive"
        assert settings.sources is None

    def test_a_relative_data_home_is_not_taken(self) -> None:
        assert Settings.load({"XDG_DATA_HOME": "data"}).archive == Path.home() / ".local/share/wenju/archive"

    def test_the_env_file_is_read_and_the_environment_wins(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_text("export WENJU_TOP=5\nWENJU_HOST='::1' # comment\nWENJU_PORT=\n", "utf-8")
        settings = Settings.load({"WENJU_TOP": "2"})
        assert (settings.top, settings.host, settings.port) == (2, "::1", 8000)

    def test_an_unreadable_env_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / ".env").write_bytes(b"WENJU_HOST=\xff\n")
        with pytest.raises(SettingsError, match=r"\.env cannot be read"):
            Settings.load({})


def test_only_the_settings_read_the_environment() -> None:
    modules = [path for folder in ("bot", "retrieval") for path in (ROOT / folder).rglob("*.py")]
    assert len(modules) > 10
    readers = [
        path for path in modules if "os.environ" in path.read_text("utf-8") or "getenv" in path.read_text("utf-8")
    ]
    assert readers == [ROOT / "bot" / "settings.py"]


def test_settings_import_nothing_heavy() -> None:
    code = "import sys, bot.settings; print(*{'pydantic', 'torch', 'fastapi', 'telegram', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "\n"
