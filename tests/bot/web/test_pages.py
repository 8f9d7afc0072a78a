"""The pages as the server gives them."""

import re

import httpx
import pytest

from bot.web.assets import Assets
from bot.web.languages import choose_language, document_language
from bot.web.pages import LANGUAGE_COOKIE
from bot.web.texts import page_texts, wording_json
from bot.wording import LANGUAGES

PAGES = ("/", "/archive", "/source/anything")


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_nothing_inline_and_allow_nothing_from_elsewhere(site: httpx.Client, path: str) -> None:
    page = site.get(path)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", page.text) == []
    assert re.findall(r"(?:src|href|action)=\"(?!/|#)[^\"]*", page.text) == []
    assert "{{" not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_every_file_that_a_page_names_is_there_and_may_be_kept_for_good(site: httpx.Client, path: str) -> None:
    named = re.findall(r"(?:src|href)=\"(/assets/[^\"]+)", site.get(path).text)
    assert len(named) > 8
    for address in named:
        file = site.get(address)
        assert file.status_code == 200, address
        assert "immutable" in file.headers["cache-control"]


def test_every_module_that_a_script_imports_is_there() -> None:
    files = Assets.load().files
    imported = [name for file in files.values() for name in re.findall(rb"from \"\./([a-z]+\.js)\"", file.data)]
    assert len(imported) > 15
    assert {name.decode() for name in imported} <= set(files)


def test_a_file_of_another_version_is_given_as_it_is_now_and_not_kept(site: httpx.Client) -> None:
    old = site.get("/assets/0123456789abcdef/chat.js")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "name", ["nothing.js", "..%2f__init__.py", "shell.html", "%00", "chat.js%00.css", "wording/xx.json"]
)
def test_what_is_no_file_of_the_pages_is_not_given(site: httpx.Client, name: str) -> None:
    assert site.get(f"/assets/x/{name}").status_code == 404


@pytest.mark.parametrize(
    ("chosen", "accept", "language"),
    [
        ("", "", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "zh-TW,zh;q=0.9", "zh-Hant"),
        ("", "nl,sv;q=0.9,fr-CA;q=0.5", "fr"),
        ("", "en;q=0.1,de", "de"),
        ("", "de;q=0,ja;q=0.2", "ja"),
        ("", "xx;q=nonsense,*;q=0.1," + "a" * 5000, "en"),
        ("ko", "de", "ko"),
        ("xx", "de", "de"),
    ],
)
def test_the_language_is_the_one_picked_else_the_one_best_liked(chosen: str, accept: str, language: str) -> None:
    assert choose_language(chosen, accept) == language


def test_a_language_in_the_address_is_used_and_remembered(site: httpx.Client) -> None:
    page = site.get("/?lang=zh-Hant", headers={"Accept-Language": "de"})
    assert '<html lang="zh-Hant"' in page.text
    assert page.cookies[LANGUAGE_COOKIE] == "zh-Hant"
    assert '<html lang="zh-Hant"' in site.get("/archive", headers={"Accept-Language": "de"}).text
    site.cookies.clear()
    assert '<html lang="de"' in site.get("/?lang=<b>", headers={"Accept-Language": "de"}).text


def test_every_language_has_all_sentences() -> None:
    english = page_texts("en")
    assert len(english) > 90
    for language in LANGUAGES:
        assert page_texts(language).keys() == english.keys()
        assert len(wording_json(language)) < 30_000
        if language != "en":
            own = page_texts(language)
            same = [key for key, text in own.items() if text == english[key] and len(str(text)) > 25]
            assert same == []
    assert document_language("zh") == "zh-Hans"


def test_the_version_is_the_same_each_time() -> None:
    assert Assets.load().version == Assets.load().version
