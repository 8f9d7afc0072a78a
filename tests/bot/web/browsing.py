"""A real headless Chromium, driven as a reader would use it."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

__all__ = ["Browser", "chromium"]

_SWITCHES = (
    "--headless=new",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    # Whatever a page or the browser itself might ask for elsewhere does not resolve.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_PATIENCE = 60.0
_NARROW = 600


class Browser:
    """One Chromium; each test begins with ``fresh``."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver
        self.base = ""

    def fresh(self, base: str) -> None:
        """Forget what a test before has left, and go to where ``base`` serves."""
        self.base = base
        self.driver.get("about:blank")
        for kind in ("cookies", "local_storage,session_storage"):
            self.cdp("Storage.clearDataForOrigin", origin=base, storageTypes=kind)
        self.cdp("Network.clearBrowserCache")
        self.cdp("Network.setBypassServiceWorker", bypass=True)
        self.cdp("Page.setBypassCSP", enabled=False)
        self.set(width=1280, height=900)
        self.log("browser")
        self.log("performance")

    def cdp(self, command: str, **values: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, values)

    def set(self, *, width: int, height: int, dark: bool = False, language: str = "zh-CN") -> None:
        """Take on a screen's size and a reader's wishes."""
        narrow = width < _NARROW
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if narrow else 1,
            mobile=narrow,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.cdp("Emulation.setEmulatedMedia", features=[scheme, calm])
        self.cdp("Network.enable")
        self.cdp("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def open(self, path: str) -> None:
        """Open an address below the base and wait until its script has done its work."""
        self.driver.get("about:blank")  # so that an address that differs in its end only is loaded too
        self.driver.get(self.base + path)
        self.ready()

    def ready(self) -> None:
        self.until(lambda: self.js("return document.getElementById('main')?.dataset.ready === 'true'"), "the page")

    def until(self, true: Callable[[], Any], what: str) -> Any:
        """Wait until something is so, and give it."""
        end = time.monotonic() + _PATIENCE
        while not (found := true()):
            assert time.monotonic() < end, f"waited in vain for {what}; the console says {self.console()}"
            time.sleep(0.03)
        return found

    def js(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def one(self, css: str) -> WebElement:
        found: WebElement = self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, css), css)[0]
        return found

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        """Give an element's text, letter for letter, shown or not."""
        return str(self.one(css).get_property("textContent"))

    def texts(self, css: str) -> list[str]:
        """Give the elements' texts as they are at one moment: a list may be made anew while it is read."""
        return list(self.js("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", css))

    def ask(self, question: str) -> WebElement:
        """Ask, and give the element with the question and its answer."""
        before = len(self.all(".turn"))
        self.one("#question").send_keys(question, Keys.ENTER)
        self.until(lambda: len(self.all(".turn:not([aria-busy])")) > before, "the answer")
        return self.all(".turn")[-1]

    def press(self, *keys: str) -> None:
        """Type where the focus is."""
        self.driver.switch_to.active_element.send_keys(*keys)

    def log(self, kind: str) -> list[dict[str, Any]]:
        """Give a log's entries since it was last asked for."""
        return list(self.driver.get_log(kind))  # type: ignore[no-untyped-call]

    def console(self) -> list[str]:
        """Give what the console has complained of since it was last asked."""
        return [entry["message"] for entry in self.log("browser") if entry["level"] == "SEVERE"]

    def network(self, method: str) -> list[dict[str, Any]]:
        """Give the parameters of the network's events of one kind since the page was opened, about web addresses."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        return [event["params"] for event in events if event["method"] == method]

    def findings(self) -> list[str]:
        """Give what axe-core finds serious or critical on the page as it is."""
        found = find_spec("axe_playwright_python")
        assert found is not None
        assert found.origin is not None
        self.js(Path(found.origin).with_name("axe.min.js").read_text("utf-8"))
        self.driver.set_script_timeout(_PATIENCE)
        result = self.driver.execute_async_script(
            "const done = arguments[0]; axe.run(document).then(done, (e) => done({error: String(e)}))"
        )
        assert "error" not in result, result["error"]
        assert len(result["passes"]) > 10
        return [
            f"{violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:200]}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
        ]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium that is installed; nothing is downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    driver_program = shutil.which("chromedriver")
    if program is None or driver_program is None:
        pytest.skip("chromium and chromedriver are not installed: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for switch in _SWITCHES:
        options.add_argument(switch)
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # Chromium's sandbox refuses to work for root
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, Service(driver_program))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
