import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ModelServer:
    """An OpenAI-compatible server on loopback that behaves, or misbehaves, as it is told."""

    manner: str = "well"
    text: str = ""
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    model: ModelServer

    def do_POST(self) -> None:
        model = self.model
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        model.requests.append({"path": self.path, **body})
        model.keys.append(self.headers.get("authorization", ""))
        # The one who asked goes away while a slow or huge answer comes.
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"_{model.manner}")(model)

    def _well(self, model: ModelServer) -> None:
        self._send(json.dumps({"choices": [{"message": {"role": "assistant", "content": model.text}}]}))

    def _silent(self, _model: ModelServer) -> None:
        time.sleep(3)

    def _dripping(self, _model: ModelServer) -> None:
        self.send_response(200)
        self.send_header("content-length", "100000")
        self.end_headers()
        for _ in range(30):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def _huge(self, _model: ModelServer) -> None:
        self._send(json.dumps({"choices": [{"message": {"content": "x" * 2_000_000}}]}))

    def _nonsense(self, _model: ModelServer) -> None:
        self._send("<html>\xff not JSON</html>")

    def _other_json(self, _model: ModelServer) -> None:
        self._send(json.dumps({"choices": [{"message": {"content": ["no text"]}}]}))

    def _empty_json(self, _model: ModelServer) -> None:
        self._send("[]")

    def _deep_json(self, _model: ModelServer) -> None:
        self._send("[" * 30_000)

    def _redirecting(self, model: ModelServer) -> None:
        self.send_response(307)
        self.send_header("location", f"{model.url}/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def _failing(self, _model: ModelServer) -> None:
        self._send("{}", status=500)

    def _hanging_up(self, _model: ModelServer) -> None:
        self.connection.close()

    def _send(self, text: str, status: int = 200) -> None:
        data = text.encode("utf-8")
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def running_model() -> Iterator[ModelServer]:
    model = ModelServer()
    handler = type("Handler", (_Handler,), {"model": model})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    # A client that hangs up is no news.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
