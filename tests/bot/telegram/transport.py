import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.bot.telegram.methods import ApiError

__all__ = ["Transport"]


class Transport:
    """HTTP around a function that answers ``(path, body)`` with a result, or raises an ``ApiError``."""

    def __init__(self, handle: Callable[[str, bytes], Any]) -> None:
        self._http = _HttpServer(handle)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, handle: Callable[[str, bytes], Any]) -> None:
        super().__init__(("127.0.0.1", 0), _RequestHandler)
        self.handle = handle


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _HttpServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        code = 200
        answer: dict[str, Any]
        try:
            answer = {"ok": True, "result": self.server.handle(self.path, body)}
        except ApiError as error:
            code = error.code
            answer = {"ok": False, "error_code": code, "description": error.description}
            if error.retry_after is not None:
                answer["parameters"] = {"retry_after": error.retry_after}
        payload = json.dumps(answer).encode()
        try:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the poller gave up waiting

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Keep test output clean."""
