from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from bot.api.deps import ArchiveDep, require_ask
from bot.web.assets import Assets
from bot.web.examples import ExampleBook
from bot.web.languages import choose_language
from bot.web.texts import render_page, wording_json
from bot.wording import LANGUAGES, messages

__all__ = ["LANGUAGE_COOKIE", "PAGE_POLICY", "router"]

LANGUAGE_COOKIE = "wenju_language"
PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # A page's picture that needs a key is fetched by the script and shown as a blob.
        "img-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        # Text of the archive can only become text: a script that sets innerHTML fails.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_YEAR_SECONDS = 365 * 24 * 60 * 60
_FOREVER = f"public, max-age={_YEAR_SECONDS}, immutable"

router = APIRouter(include_in_schema=False)
Chosen = Annotated[str, Query(alias="lang", max_length=20)]


@router.get("/")
def chat(request: Request, lang: Chosen = "") -> Response:
    """Give the page on which to ask."""
    return _page(request, "chat", lang)


@router.get("/archive")
def whole_archive(request: Request, lang: Chosen = "") -> Response:
    """Give the page of the whole archive."""
    return _page(request, "archive", lang)


@router.get("/source/{document_id}")
def source(request: Request, document_id: str, lang: Chosen = "") -> Response:
    """Give the page of one document; its script reads the id, and the place to open at, from the address."""
    del document_id
    return _page(request, "source", lang)


@router.get("/v1/examples", dependencies=[Depends(require_ask)])
def examples(
    request: Request, archive: ArchiveDep, language: Annotated[str, Query(max_length=20)] = ""
) -> dict[str, list[str]]:
    """Give questions that this archive answers; below ``/v1`` because that needs a key where questions do."""
    book: ExampleBook = request.app.state.web_examples
    return {"examples": list(book.examples(archive, messages(language)))}


@router.get("/assets/{version}/wording/{language}.json")
def wording(request: Request, version: str, language: str) -> Response:
    """Give the sentences of the pages in one language.

    :raises HTTPException: if there is no such language.
    """
    if language not in LANGUAGES:
        raise HTTPException(404)
    assets: Assets = request.app.state.web_assets
    return _asset(wording_json(language), "application/json", lasting=version == assets.version)


@router.get("/assets/{version}/{name}")
def asset(request: Request, version: str, name: str) -> Response:
    """Give a style sheet, script or picture; one of another version is given as it is now, to be asked for again.

    :raises HTTPException: if there is no such file.
    """
    assets: Assets = request.app.state.web_assets
    found = assets.files.get(name)
    if found is None:
        raise HTTPException(404)
    return _asset(found.data, found.media_type, lasting=version == assets.version)


def _asset(data: bytes, media_type: str, *, lasting: bool) -> Response:
    return Response(data, media_type=media_type, headers={"Cache-Control": _FOREVER if lasting else "no-cache"})


def _page(request: Request, name: str, lang: str) -> Response:
    assets: Assets = request.app.state.web_assets
    picked = lang if lang in LANGUAGES else request.cookies.get(LANGUAGE_COOKIE, "")
    language = choose_language(picked, request.headers.get("accept-language", ""))
    text = render_page(assets.pages["shell"], assets.pages[name], name=name, language=language, version=assets.version)
    headers = {
        "Content-Security-Policy": PAGE_POLICY,
        "Cache-Control": "no-cache",
        "Vary": "Accept-Language, Cookie",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    response = HTMLResponse(text, headers=headers)
    if lang in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, lang, max_age=_YEAR_SECONDS, samesite="lax")
    return response
