import json
import time
from typing import Any

from bot.settings import Settings
from retrieval.errors import WenjuError

__all__ = ["SummaryError", "complete"]

_MOST_BYTES = 64 * 1024
_MOST_TOKENS = 400
_PATH = "/chat/completions"


class SummaryError(WenjuError):
    """The language-model server gave no usable text."""


def complete(settings: Settings, instruction: str, prompt: str) -> str:
    """Ask an OpenAI-compatible server to go on from a prompt.

    The whole exchange takes no longer than ``llm_timeout`` seconds, about; redirects are not followed, because the
    key would go along.

    :raises SummaryError: if the server cannot be reached, is too slow, refuses, or answers with anything but a text.
    """
    # 0.1 s that only those who have such a server should pay.
    import httpx

    if settings.llm_url is None:
        raise SummaryError("no language-model server is set up: set WENJU_LLM_URL")
    url = settings.llm_url.rstrip("/")
    url = url if url.endswith(_PATH) else url + _PATH
    headers = {"authorization": f"Bearer {settings.llm_key.get_secret_value()}"} if settings.llm_key else {}
    body = {
        "model": settings.llm_model,
        "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": prompt}],
        "temperature": 0,
        "max_tokens": _MOST_TOKENS,
        "stream": False,
    }
    deadline = time.monotonic() + settings.llm_timeout
    try:
        with (
            httpx.Client(timeout=settings.llm_timeout, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, json=body, headers=headers) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise SummaryError(
                    f"{url} answered with status {response.status_code}; check WENJU_LLM_URL and its key"
                )
            data = bytearray()
            for piece in response.iter_bytes():
                data += piece
                if len(data) > _MOST_BYTES:
                    raise SummaryError(f"{url} answered with more than {_MOST_BYTES} bytes; check WENJU_LLM_MODEL")
                if time.monotonic() > deadline:
                    raise SummaryError(
                        f"{url} took longer than {settings.llm_timeout} s; raise WENJU_LLM_TIMEOUT or take a faster one"
                    )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SummaryError(f"{url} cannot be asked ({type(error).__name__}: {error}); check WENJU_LLM_URL") from error
    return _text(bytes(data), url)


def _text(data: bytes, url: str) -> str:
    try:
        answer: Any = json.loads(data)
        text = answer["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise SummaryError(
            f"{url} answered with something else than a chat completion: {data[:80]!r}; check WENJU_LLM_URL"
        ) from error
    if not isinstance(text, str):
        raise SummaryError(f"{url} answered with a chat completion without text: {data[:80]!r}; check WENJU_LLM_MODEL")
    return text
