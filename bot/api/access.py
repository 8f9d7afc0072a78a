"""Who may send which request: keys, hosts, origins and rates, judged before a body is read."""

import asyncio
from ipaddress import IPv6Address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api import kinds
from bot.api.callers import Caller, address_of
from bot.api.gate import StateGate
from bot.api.options import ApiOptions, is_loopback
from bot.api.problems import RefusedError, kind_of, problem_response
from bot.api.rates import RateLimit
from bot.state import Key, StateError
from bot.state import Scope as KeyScope

__all__ = ["Access"]

_KEY_MARK = "wenju_"
_FAILURES_A_MINUTE = 60
_SAFE = ("GET", "HEAD", "OPTIONS")
_IPV6_SITE = 64
"""Bits of an address that stand for one customer, who has all addresses below them."""


class Access:
    """ASGI middleware: lets a request pass or refuses it, and takes note of who sent it."""

    def __init__(self, app: ASGIApp, options: ApiOptions, state: StateGate) -> None:
        """Stand before ``app``."""
        self._app = app
        self._options = options
        self._state = state
        self._per_key = RateLimit(options.rate_per_key)
        self._per_address = RateLimit(options.rate_per_address)
        self._failures = RateLimit(_FAILURES_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on to the application within, or say why not."""
        if scope["type"] == "http":
            try:
                self._check_host(scope)
                if scope["path"].startswith("/v1/") or scope["path"] == "/metrics":
                    scope["state"]["caller"] = await self._caller(scope)
            except (RefusedError, StateError) as error:
                headers = error.headers if isinstance(error, RefusedError) else None
                response = problem_response(scope, kind_of(error), str(error), headers=headers)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _check_host(self, scope: Scope) -> None:
        """Refuse a page of another site: one that names itself localhost in the browser's eyes could read everything.

        :raises RefusedError: if the request names a host that this server is not.
        """
        if self._options.keys or not self._options.local:
            return
        named = Headers(scope=scope).get("host", "")
        host = named.rpartition(":")[0] if named.rpartition(":")[2].isdecimal() else named
        if host and not is_loopback(host) and host.lower() not in self._options.allowed_hosts:
            detail = (
                f"The request names the host {host[:100]!r}, and the server is for this machine only. If a proxy sends "
                "it, name the host in WENJU_ALLOWED_HOSTS."
            )
            raise RefusedError(kinds.HOST_REFUSED, detail)

    async def _caller(self, scope: Scope) -> Caller:
        address = address_of(scope)
        site = _site(address)
        secret = _secret(Headers(scope=scope))
        # Programs that must send some key send one that is none of ours; where none is needed it says nothing.
        if secret and (self._options.keys or secret.startswith(_KEY_MARK)):
            if wait := self._failures.wait(site, cost=0):
                raise _limited(self._failures, wait)
            key = await asyncio.to_thread(self._find, secret)
            if key is None:
                self._failures.wait(site)
                raise RefusedError(kinds.KEY_INVALID)
            if wait := self._per_key.wait(key.id):
                raise _limited(self._per_key, wait)
            return Caller(address, key.scopes, key)
        if wait := self._per_address.wait(site):
            raise _limited(self._per_address, wait)
        if self._options.keys:
            raise RefusedError(kinds.KEY_MISSING)
        self._check_origin(scope)
        may = {KeyScope.ASK, KeyScope.ADMIN} if self._options.local else {KeyScope.ASK}
        return Caller(address, frozenset(may))

    def _find(self, secret: str) -> Key | None:
        return self._state.state().keys.find(secret)

    def _check_origin(self, scope: Scope) -> None:
        """Refuse what a page of another site has the browser send: nothing else keeps it from changing things.

        :raises RefusedError: if the request changes something and comes from another site's page.
        """
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if scope["method"] in _SAFE or not origin or origin in self._options.cors_origins:
            return
        if urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
            detail = f"The request comes from a page of {origin[:100]!r}. Name it in WENJU_CORS_ORIGINS to let it."
            raise RefusedError(kinds.ORIGIN_REFUSED, detail)


def _secret(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return headers.get("x-api-key", "").strip()


def _site(address: str) -> str:
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or ip_network((int(parsed), _IPV6_SITE), strict=False))


def _limited(limit: RateLimit, wait: float) -> RefusedError:
    seconds = f"{wait:.0f} seconds" if wait >= 1.5 else "1 second"
    detail = f"The limit is {limit.per_minute} requests a minute. Send the next one after {seconds}."
    return RefusedError(kinds.RATE_LIMITED, detail, wait=wait)
