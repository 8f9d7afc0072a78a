from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from bot.api.app import create_app
from bot.api.options import ApiOptions
from bot.state import Scope, State
from retrieval import Archive
from tests.bot.api.serving import serving
from tests.bot.web.browsing import Browser

QUESTION = "炎陵县的调解成功率是多少？"


@dataclass(frozen=True, slots=True)
class Locked:
    """A server that wants keys, and one of its keys that may ask."""

    base: str
    key: str


@pytest.fixture(scope="module")
def locked(archive: Archive, encoder_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Locked]:
    address = f"sqlite:///{tmp_path_factory.mktemp('state') / 'state.db'}"
    with State.open(address) as state:
        key = state.keys.create("reader", [Scope.ASK]).secret
    app = create_app(
        Path(archive.info().path), cache=encoder_cache, state_address=address, options=ApiOptions(keys=True)
    )
    with serving(app) as client:
        yield Locked(str(client.base_url).rstrip("/"), key)


def give(browser: Browser, key: str) -> None:
    browser.until(lambda: browser.one("#key").get_attribute("open") is not None, "the wish for a key")
    browser.one("#key-value").send_keys(key, Keys.ENTER)


def test_a_key_is_wished_for_only_when_needed_kept_in_the_tab_and_forgotten_when_told(
    browser: Browser, locked: Locked
) -> None:
    browser.fresh(locked.base)
    browser.open("/")
    give(browser, "wenju_wrong")
    browser.until(lambda: browser.text("#key-problem") == "该密钥无效或已被撤销。", "the problem")
    give(browser, locked.key)
    browser.until(lambda: browser.all("#examples button"), "the examples")
    browser.ask(QUESTION)
    assert browser.all(".turn .quote")
    browser.open("/archive")
    browser.until(lambda: browser.all("#documents h3"), "the documents")
    assert browser.js("return [sessionStorage.getItem('wenju_key'), localStorage.getItem('wenju_key')]") == [
        locked.key,
        None,
    ]
    browser.one("#forget").click()
    assert browser.js("return sessionStorage.getItem('wenju_key')") is None
    assert not browser.one("#forget").is_displayed()


def test_a_key_that_may_only_ask_cannot_upload(browser: Browser, locked: Locked, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("一份文件\n\n正文在这里。\n", "utf-8")
    browser.fresh(locked.base)
    browser.driver.get(f"{locked.base}/archive")
    give(browser, locked.key)
    browser.ready()
    browser.one("#upload").send_keys(str(tmp_path / "one.txt"))
    browser.until(lambda: "您的密钥无此权限" in browser.text("#uploads"), "the refusal")


def test_without_a_key_the_page_says_what_it_needs(browser: Browser, locked: Locked) -> None:
    browser.fresh(locked.base)
    browser.driver.get(f"{locked.base}/source/anything")
    browser.until(lambda: browser.one("#key").get_attribute("open") is not None, "the wish for a key")
    browser.one("#key button.plain").click()
    browser.ready()
    assert browser.text("#problem") == "此操作需要密钥。"
