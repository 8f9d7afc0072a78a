from fastapi import FastAPI

from bot.web.assets import Assets
from bot.web.examples import ExampleBook
from bot.web.pages import router

__all__ = ["mount_web"]


def mount_web(app: FastAPI) -> None:
    """Have ``app`` serve the pages at ``/``, ``/archive`` and ``/source/ID``, and the files that they are made of.

    The pages themselves tell nothing of the archive: their scripts ask the API, with the reader's key where one is
    needed.
    """
    app.state.web_assets = Assets.load()
    app.state.web_examples = ExampleBook()
    app.include_router(router)
