"""GET /docs: the OpenAPI document as a page for people."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from bot.api.page import PAGE_POLICY, render_page

__all__ = ["router"]

router = APIRouter()


@router.get("/docs", include_in_schema=False)
def reference(request: Request) -> HTMLResponse:
    """Give the page; it needs no script and no other file."""
    return HTMLResponse(render_page(request.app.openapi()), headers={"Content-Security-Policy": PAGE_POLICY})
